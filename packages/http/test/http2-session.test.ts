import { Clock } from '@sennit/runtime'
import { beforeEach, describe, expect, it } from 'vitest'
import { drainSession, type ISession } from '../src/http2-session.ts'

class Session implements ISession {
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

let clock: Clock
let session: Session

beforeEach(() => {
  clock = new Clock()
  session = new Session()
})

describe('drainSession', () => {
  it('warns first, and closes a little later', () => {
    drainSession(session, clock)
    expect(session.calls).toEqual(['goaway 0 2147483647'])
    clock.advance('50ms')
    expect(session.calls).toEqual(['goaway 0 2147483647', 'close'])
  })

  it.each(['closed', 'destroyed'] as const)('leaves a session alone that is %s', (state) => {
    session[state] = true
    drainSession(session, clock)
    expect([session.calls, clock.getDelayedCalls()]).toEqual([[], []])
  })

  it('does not close one that is gone meanwhile', () => {
    drainSession(session, clock)
    session.destroyed = true
    clock.advance('50ms')
    expect(session.calls).toEqual(['goaway 0 2147483647'])
  })
})
