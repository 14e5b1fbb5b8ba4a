import { hasRole } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { type ProxyAttempt, ReconnectingProtocolProxy } from '../src/reconnecting-protocol-proxy.ts'
import { FakeTransport, TestProtocol, testContext } from './fakes.ts'

class HalfCloseable extends TestProtocol {
  readonly halves: string[] = []
  readConnectionLost(): void {
    this.halves.push('read')
  }
  writeConnectionLost(): void {
    this.halves.push('write')
  }
}

function wrap<P extends TestProtocol>(inner: P) {
  const order: string[] = []
  const context = testContext()
  const attempt: ProxyAttempt = { context, lost: (reason: Error) => order.push(`lost: ${reason.message}`) }
  const proxy = new ReconnectingProtocolProxy(inner, attempt)
  return { ...context, inner, attempt, proxy, order, transport: new FakeTransport() }
}

describe('ReconnectingProtocolProxy', () => {
  it('CS-75 keeps the transport, then connects the protocol', () => {
    const { inner, proxy, transport } = wrap(new TestProtocol())
    let known: unknown
    inner.makeConnection = (given) => {
      known = proxy.connection
      inner.transport = given
    }
    proxy.makeConnection(transport)
    expect(known).toBe(transport)
    expect(inner.transport).toBe(transport)
  })

  it('CS-75 passes data on', () => {
    const { inner, proxy, transport } = wrap(new TestProtocol())
    proxy.makeConnection(transport)
    const data = Buffer.from('data')
    proxy.dataReceived(data)
    expect(inner.received).toEqual([data])
    expect(inner.received[0]).toBe(data)
  })

  it.each([
    [new HalfCloseable(), true],
    [new TestProtocol(), false],
  ])('CS-74 has the optional roles of the protocol: %s', (inner, has) => {
    const { proxy } = wrap<TestProtocol>(inner)
    const methods = ['readConnectionLost', 'writeConnectionLost'] as never[]
    expect(hasRole(proxy, methods)).toBe(has)
    expect(hasRole(proxy, ['stopRequested'] as never[])).toBe(false)
  })

  it('CS-74 passes the calls of optional roles on', () => {
    const { inner, proxy } = wrap(new HalfCloseable())
    const half = proxy as unknown as HalfCloseable
    half.readConnectionLost()
    half.writeConnectionLost()
    expect(inner.halves).toEqual(['read', 'write'])
  })

  it('CS-76 tells the protocol of the loss, then the attempt', () => {
    const { inner, proxy, order } = wrap(new TestProtocol())
    inner.connectionLost = (reason) => order.push(`protocol: ${reason.message}`)
    proxy.connectionLost(new Error('gone'))
    expect(order).toEqual(['protocol: gone', 'lost: gone'])
  })

  it('CS-76 tells the attempt even when the protocol throws, and throws that', () => {
    const { inner, proxy, order } = wrap(new TestProtocol())
    const error = new Error('broken')
    inner.connectionLost = () => {
      throw error
    }
    expect(() => proxy.connectionLost(new Error('gone'))).toThrow(error)
    expect(order).toEqual(['lost: gone'])
  })

  it('CS-77 returns what the protocol returns', () => {
    const { inner, proxy } = wrap(new TestProtocol())
    inner.connectionLost = () => 'returned' as unknown as void
    expect(proxy.connectionLost(new Error('gone'))).toBe('returned')
  })

  it('CS-78 has the text of the protocol in its own', () => {
    const { proxy } = wrap(Object.assign(new TestProtocol(), { toString: () => 'TestProtocol!' }))
    expect(String(proxy)).toContain('TestProtocol!')
  })

  it('is found by its attempt', () => {
    const { attempt, proxy } = wrap(new TestProtocol())
    expect(attempt.proxy).toBe(proxy)
  })
})
