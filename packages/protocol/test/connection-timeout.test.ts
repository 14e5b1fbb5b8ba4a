import { describe, expect, it } from 'vitest'
import { Clock } from '@sennit/runtime'
import { ConnectionTimeout } from '../src/connection-timeout.ts'
import { FakeTransport } from './fake-transport.ts'

function make() {
  const clock = new Clock()
  let expired = 0
  const timeout = new ConnectionTimeout(() => expired++)
  return { clock, timeout, transport: new FakeTransport(), expired: () => expired }
}

describe('ConnectionTimeout', () => {
  it('expires once, a turn after the time is over', () => {
    const { clock, timeout, expired } = make()
    timeout.set(clock, 10)
    clock.advance(9.9)
    expect(expired()).toBe(0)
    clock.advance(0.1)
    expect(expired()).toBe(0)
    clock.advance(0)
    expect(expired()).toBe(1)
    clock.pump([100, 100])
    expect([expired(), clock.getDelayedCalls()]).toEqual([1, []])
  })

  it('counts from the last touch, for which the timer is not moved', () => {
    const { clock, timeout, expired } = make()
    timeout.set(clock, 10)
    const timers = clock.getDelayedCalls()
    clock.advance(6)
    timeout.touch()
    expect(clock.getDelayedCalls()).toEqual(timers)
    clock.pump([4, 5.9, 0])
    expect(expired()).toBe(0)
    clock.pump([0.1, 0])
    expect(expired()).toBe(1)
  })

  it('does not expire when something comes in the turn after a stall', () => {
    const { clock, timeout, expired } = make()
    timeout.set(clock, 10)
    clock.advance(60)
    timeout.touch()
    clock.pump([0, 9.9, 0])
    expect(expired()).toBe(0)
    clock.pump([0.1, 0])
    expect(expired()).toBe(1)
  })

  it('begins anew when it is set again, and can be set to nothing', () => {
    const { clock, timeout, expired } = make()
    timeout.set(clock, 10)
    clock.advance(9)
    timeout.set(clock, 10)
    clock.pump([9, 0])
    expect(expired()).toBe(0)
    timeout.set(clock, Infinity)
    timeout.touch()
    clock.pump([100, 0])
    expect([expired(), clock.getDelayedCalls()]).toEqual([0, []])
    timeout.set(clock, 1)
    timeout.stop()
    timeout.stop()
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('closes a connection, and aborts it five seconds later when it is still there, whatever happens meanwhile', () => {
    const { clock, timeout, transport, expired } = make()
    timeout.set(clock, 10)
    timeout.close(clock, transport)
    timeout.close(clock, transport)
    timeout.touch()
    timeout.set(clock, 100)
    expect(transport.calls).toEqual(['loseConnection'])
    clock.advance(4.9)
    expect(transport.calls).toEqual(['loseConnection'])
    clock.advance(0.1)
    expect(transport.calls).toEqual(['loseConnection', 'abortConnection'])
    expect(transport.abortReason).toMatchObject({
      name: 'ConnectionLost',
      code: 'ERR_SENNIT_IDLE',
      message: 'The connection was lost: nothing happened for 10 s',
    })
    clock.advance(100)
    expect([expired(), clock.getDelayedCalls()]).toEqual([0, []])
  })

  it('aborts nothing when it is stopped meanwhile, also inside the close', () => {
    const { clock, timeout, transport } = make()
    timeout.close(clock, transport)
    timeout.stop()
    transport.loseConnection = () => timeout.stop()
    timeout.close(clock, transport)
    clock.advance(100)
    expect(transport.calls).toEqual(['loseConnection'])
  })
})
