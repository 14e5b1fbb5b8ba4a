import type { ISituatedTransport } from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { FakeLog } from './fake-log.ts'
import { FakeTransport } from './fake-transport.ts'

/** A fake transport that brings its clock and its log. */
export class SituatedTransport extends FakeTransport implements ISituatedTransport {
  readonly clock: Clock
  readonly log: FakeLog
  constructor(clock: Clock = new Clock(), log: FakeLog = new FakeLog()) {
    super()
    this.clock = clock
    this.log = log
  }
}
