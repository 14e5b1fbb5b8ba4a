import { EventEmitter } from 'node:events'
import type { IProgram } from '../../src/index.ts'

/** A process that only writes down what it is told. */
export class FakeProgram extends EventEmitter implements IProgram {
  exits: number[] = []
  exitCode: number | undefined
  title = ''
  readonly stdout: EventEmitter = new EventEmitter()
  readonly stderr: EventEmitter = new EventEmitter()

  exit(code: number): void {
    this.exits.push(code)
  }

  /** How many listeners there are, of all events. */
  get heard(): number {
    return [this, this.stdout, this.stderr].flatMap((emitter) =>
      emitter.eventNames().map((name) => emitter.listenerCount(name)),
    ).length
  }
}
