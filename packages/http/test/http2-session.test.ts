import { EventEmitter } from 'node:events'
import { Clock } from '@sennit/runtime'
import { beforeEach, describe, expect, it } from 'vitest'
import { drainSession, type ISession } from '../src/http2-session.ts'

class Session extends EventEmitter implements ISession {
  closed = false
  destroyed = false
  readonly calls: string[] = []
  goaway(code: number, lastStreamID: number): void {
    this.calls.push(`goaway ${code} ${lastStreamID}`)
  }
  close(): void {
    this.calls.push('close')
  }
}

const SHUT = ['goaway 0 2147483647']

let clock: Clock
let session: Session

beforeEach(() => {
  clock = new Clock()
  session = new Session()
})

describe('drainSession', () => {
  it('lets nothing more begin first, and closes a little later', () => {
    drainSession(session, clock)
    clock.advance('49ms')
    expect(session.calls).toEqual(SHUT)
    clock.advance('1ms')
    expect(session.calls).toEqual([...SHUT, 'close'])
  })

  it.each(['closed', 'destroyed'] as const)('leaves a session alone that is %s', (state) => {
    session[state] = true
    drainSession(session, clock)
    expect([session.calls, clock.getDelayedCalls()]).toEqual([[], []])
  })

  it('does not close one that is gone meanwhile, and leaves no timer behind', () => {
    drainSession(session, clock)
    session.destroyed = true
    session.emit('close')
    expect([session.calls, clock.getDelayedCalls()]).toEqual([SHUT, []])
    clock.advance('1s')
    expect(session.calls).toEqual(SHUT)
  })
})
