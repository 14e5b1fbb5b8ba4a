import { describe, expect, it } from 'vitest'
import { ClientFactory } from '@sennit/protocol'
import { MemoryReactorClock } from '../src/index.ts'

describe('MemoryReactorClock', () => {
  it('TE-11 records calls, and has time', () => {
    const reactor = new MemoryReactorClock()
    const calls: unknown[] = []
    reactor.callLater(10, (...args: unknown[]) => calls.push(args), 'a', 1)
    expect(reactor.getDelayedCalls()).toHaveLength(1)
    reactor.advance('9s')
    expect(calls).toEqual([])
    reactor.pump([0.5, '500ms'])
    expect(calls).toEqual([['a', 1]])
    expect(reactor.seconds()).toBe(10)
    reactor.connectTCP('a', 1, new ClientFactory())
    expect(reactor.tcpClients).toHaveLength(1)
  })
})
