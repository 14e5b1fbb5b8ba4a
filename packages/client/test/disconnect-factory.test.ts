import type { IAddress } from '@sennit/interfaces'
import { describe, expect, it } from 'vitest'
import { DisconnectFactory } from '../src/disconnect-factory.ts'
import { ReconnectingProtocolProxy } from '../src/reconnecting-protocol-proxy.ts'
import { peer, TestFactory, TestProtocol, testContext } from './fakes.ts'

class NamedFactory extends TestFactory {
  readonly noisy = false
  greeting = 'hello'
  greet(name: string): string {
    return `${this.greeting} ${name}`
  }
  override toString(): string {
    return 'NamedFactory!'
  }
}

function wrap() {
  const inner = new NamedFactory()
  const factory = new DisconnectFactory(inner, { context: testContext(), lost: () => {} })
  return { inner, factory: factory as typeof factory & NamedFactory }
}

describe('DisconnectFactory', () => {
  it('CS-71 passes doStart and doStop on', () => {
    const { inner, factory } = wrap()
    factory.doStart()
    factory.doStart()
    expect(inner.users).toBe(2)
    factory.doStop()
    expect(inner.users).toBe(1)
  })

  it('CS-72 passes every other member on', () => {
    const { inner, factory } = wrap()
    inner.greeting = 'good evening'
    expect(factory.noisy).toBe(false)
    expect(factory.greet('you')).toBe('good evening you')
  })

  it('CS-73 passes the address on, and wraps what is built', () => {
    const { inner, factory } = wrap()
    const seen: IAddress[] = []
    const protocol = new TestProtocol()
    inner.build = (address) => {
      seen.push(address)
      return protocol
    }
    const proxy = factory.buildProtocol(peer)
    expect(seen).toEqual([peer])
    expect(proxy).toBeInstanceOf(ReconnectingProtocolProxy)
    expect((proxy as unknown as ReconnectingProtocolProxy).inner).toBe(protocol)
    expect(factory.built).toBe(protocol)
  })

  it.each([undefined, null])('CS-73 builds nothing when %s is built', (nothing) => {
    const { inner, factory } = wrap()
    inner.build = () => nothing as undefined
    expect(factory.buildProtocol(peer)).toBeUndefined()
    expect(factory.built).toBeUndefined()
  })

  it('CS-59 throws what is thrown', () => {
    const { inner, factory } = wrap()
    const error = new Error('broken')
    inner.build = () => {
      throw error
    }
    expect(() => factory.buildProtocol(peer)).toThrow(error)
  })

  it('CS-78 has the text of the inner factory in its own', () => {
    expect(String(wrap().factory)).toContain('NamedFactory!')
  })
})
