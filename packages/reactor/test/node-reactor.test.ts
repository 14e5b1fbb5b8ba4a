import { describe, expect, it } from 'vitest'
import { Clock, systemClock } from '@sennit/runtime'
import { NodeReactor } from '../src/index.ts'
import { TestLog, until } from './kit.ts'

describe('NodeReactor', () => {
  it('RX-01 has the calls of the system clock', () => {
    const reactor = new NodeReactor()
    expect(Math.abs(reactor.seconds() - systemClock.seconds())).toBeLessThan(1)
    const call = reactor.callLater(1000, () => {})
    expect(systemClock.getDelayedCalls()).toContain(call)
    call.cancel()
  })

  it('RX-01 RX-02 takes another clock', () => {
    const clock = new Clock()
    const reactor = new NodeReactor({ clock })
    const seen: number[] = []
    reactor.callLater(2, (a: number, b: number) => seen.push(a, b, reactor.seconds()), 1, 2)
    clock.advance(2)
    expect(seen).toEqual([1, 2, 2])
  })

  it('RX-08 tells its own log what a delayed call throws', async () => {
    const log = new TestLog()
    const reactor = new NodeReactor({ log })
    reactor.callLater(0, () => {
      throw new Error('broken')
    })
    await until(() => log.entries.length > 0)
    expect(log.take()).toEqual(['error: A delayed call threw'])
  })

  it('describes itself', () => {
    const reactor = new NodeReactor({ clock: new Clock() })
    reactor.callLater(1, () => {})
    expect(reactor.describe()).toEqual({
      kind: 'NodeReactor',
      name: undefined,
      state: 'running',
      since: undefined,
      error: undefined,
      facts: { delayedCalls: 1 },
      children: [],
    })
  })
})
