import { describe, expect, it, vi } from 'vitest'
import type { IDrain, IProtocol } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { IPv4Address } from '../src/addresses.ts'
import { ClientFactory } from '../src/client-factory.ts'
import { ConnectionDone } from '../src/connection-errors.ts'
import { Factory } from '../src/factory.ts'
import { handlerKind } from '../src/handler-kind.ts'
import { ProtocolWrapper } from '../src/protocol-wrapper.ts'
import { WrappingFactory } from '../src/wrapping-factory.ts'
import { FakeTransport } from './fake-transport.ts'
import { RecordingProtocol } from './recording-protocol.ts'

const address = new IPv4Address('TCP', '127.0.0.1', 1)

describe('WrappingFactory', () => {
  it('wraps what the other factory builds, and keeps track of the connections', () => {
    const inner = Factory.forProtocol(RecordingProtocol)
    const factory = new WrappingFactory(inner)
    const wrapper = factory.buildProtocol(address)!
    expect(wrapper).toBeInstanceOf(ProtocolWrapper)
    expect([wrapper.factory, wrapper.wrappedProtocol instanceof RecordingProtocol]).toEqual([factory, true])
    expect((wrapper.wrappedProtocol as unknown as { factory: unknown }).factory).toBe(inner)
    expect(factory.protocols.size).toBe(0)
    wrapper.makeConnection(new FakeTransport())
    expect([...factory.protocols]).toEqual([wrapper])
    wrapper.connectionLost(new ConnectionDone())
    expect(factory.protocols.size).toBe(0)
    expect(handlerKind(factory)).toBe('protocol')
  })

  it('refuses what the other factory refuses', () => {
    const inner = new Factory<RecordingProtocol>()
    inner.buildProtocol = () => undefined
    expect(new WrappingFactory(inner).buildProtocol(address)).toBeUndefined()
    inner.buildProtocol = () => null as never
    expect(new WrappingFactory(inner).buildProtocol(address)).toBeUndefined()
  })

  it('PR-03 starts and stops the other factory with itself', () => {
    const order: string[] = []
    class Inner extends Factory<RecordingProtocol> {
      override startFactory() {
        order.push('inner starts')
      }
      override stopFactory() {
        order.push('inner stops')
      }
    }
    class Outer extends WrappingFactory<RecordingProtocol> {
      override startFactory() {
        order.push('outer starts')
      }
      override stopFactory() {
        order.push('outer stops')
      }
    }
    const factory = new Outer(new Inner())
    factory.doStart()
    factory.doStart()
    factory.doStop()
    expect(order).toEqual(['inner starts', 'outer starts'])
    factory.doStop()
    expect(order).toEqual(['inner starts', 'outer starts', 'inner stops', 'outer stops'])
  })

  it('PR-05 PR-06 tells a factory of clients what becomes of its attempts, and spares one that does not care', () => {
    const inner = new ClientFactory<RecordingProtocol>()
    const told: unknown[][] = []
    inner.startedConnecting = (...args) => told.push(['started', ...args])
    inner.clientConnectionFailed = (...args) => told.push(['failed', ...args])
    inner.clientConnectionLost = (...args) => told.push(['lost', ...args])
    const connector = {} as never
    const reason = new Error('why')
    for (const factory of [
      new WrappingFactory(inner),
      new WrappingFactory(new Factory<RecordingProtocol>()),
    ]) {
      factory.startedConnecting(connector)
      factory.clientConnectionFailed(connector, reason)
      factory.clientConnectionLost(connector, reason)
    }
    expect(told).toEqual([
      ['started', connector],
      ['failed', connector, reason],
      ['lost', connector, reason],
    ])
  })

  it('can be drained when the other factory can', () => {
    const drain = vi.fn<IDrain['drain']>()
    const inner = Object.assign(new Factory<RecordingProtocol>(), { drain })
    const factory = new WrappingFactory(inner)
    if (!hasRole<IDrain>(factory, ['drain'])) throw new Error('it cannot')
    void factory.drain(7)
    expect(drain).toHaveBeenCalledWith(7)
    expect('drain' in new WrappingFactory(new Factory())).toBe(false)
  })

  it('puts the class around each protocol that a subclass says', () => {
    class Named<P extends IProtocol> extends ProtocolWrapper<P> {
      readonly title = 'named'
    }
    class NamingFactory<P extends IProtocol> extends WrappingFactory<P, Named<P>> {
      override protocol = Named<P>
    }
    const wrapper = new NamingFactory(Factory.forProtocol(RecordingProtocol)).buildProtocol(address)
    expect([wrapper?.title, wrapper?.wrappedProtocol.calls]).toEqual(['named', []])
  })

  it.each([undefined, null, () => {}, { handleStream() {} }])('refuses %o', (factory) => {
    expect(() => new WrappingFactory(factory as never)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_HANDLER' }),
    )
  })
})
