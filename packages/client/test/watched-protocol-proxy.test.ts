import { describe, expect, it } from 'vitest'
import { DisconnectFactory } from '../src/disconnect-factory.ts'
import type { ReconnectingProtocolProxy } from '../src/reconnecting-protocol-proxy.ts'
import { WatchedProtocolProxy } from '../src/watched-protocol-proxy.ts'
import { FakeTransport, peer, TestFactory, testContext } from './fakes.ts'

function connect(receiveTimeout?: number) {
  const context = testContext()
  const losses: Error[] = []
  const inner = new TestFactory()
  const attempt = { context, lost: (reason: Error) => void losses.push(reason) }
  const factory = new DisconnectFactory(inner, attempt, receiveTimeout)
  const proxy = factory.buildProtocol(peer) as ReconnectingProtocolProxy
  const transport = new FakeTransport()
  proxy.makeConnection(transport)
  return { ...context, proxy, transport, losses, protocol: inner.protocols[0]! }
}

describe('WatchedProtocolProxy', () => {
  it('cuts a connection on which nothing is received for too long', () => {
    const { proxy, transport, clock } = connect(20)
    expect(proxy).toBeInstanceOf(WatchedProtocolProxy)
    clock.advance(15)
    proxy.dataReceived(Buffer.from('x'))
    clock.advance(15)
    clock.advance(0)
    expect(transport.aborts).toBe(0)
    clock.advance(5)
    clock.advance(0)
    expect(transport.aborts).toBe(1)
    expect(transport.abortReason).toMatchObject({ name: 'ConnectionLost', code: 'ETIMEDOUT' })
    expect(transport.abortReason!.message).toMatch(/nothing was received for 20 s/)
  })

  it('passes everything on, and watches no longer when the connection is gone', () => {
    const { proxy, protocol, transport, clock, losses } = connect(20)
    const data = Buffer.from('x')
    const reason = new Error('gone')
    proxy.dataReceived(data)
    expect(protocol).toMatchObject({ made: 1, transport, received: [data] })
    expect(clock.getDelayedCalls()).toHaveLength(1)
    proxy.connectionLost(reason)
    expect(protocol.losses).toEqual([reason])
    expect(losses).toEqual([reason])
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it.each([undefined, Infinity])(
    'is not used for a connection that is not to be watched: %s',
    (receiveTimeout) => {
      const { proxy, clock } = connect(receiveTimeout)
      expect(proxy).not.toBeInstanceOf(WatchedProtocolProxy)
      expect(clock.getDelayedCalls()).toEqual([])
    },
  )
})
