import { once } from 'node:events'
import type { ConnectOptions, IProtocol, IProtocolFactory, IStreamClientEndpoint } from '@sennit/interfaces'
import { duplexFactory } from '@sennit/protocol'
import { CancelledError } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { type Cancellation, setCancellable } from '@sennit/runtime/internal'
import { Attempt } from '../src/attempt.ts'
import { connectionSettings } from '../src/settings.ts'
import { EndpointConnectable, type EndpointSettings } from '../src/endpoint-connectable.ts'
import { FakeEndpoint, peer, settle, TestFactory, TestProtocol, testContext } from './fakes.ts'

function connectable(settings: EndpointSettings = {}, endpoints: FakeEndpoint[] = [new FakeEndpoint()]) {
  const context = testContext()
  const factory = new TestFactory()
  const control = new AbortController()
  const losses: Error[] = []
  const made = new EndpointConnectable<TestProtocol>(endpoints, factory, settings)
  const attempt = { context, signal: control.signal, lost: (reason: Error) => void losses.push(reason) }
  const connected = async () => {
    const promise = made.connect(attempt)
    await endpoints[0]!.last.succeed()
    return { protocol: await promise, connect: endpoints[0]!.last }
  }
  return { made, attempt, endpoints, endpoint: endpoints[0]!, factory, control, losses, context, connected }
}

describe('EndpointConnectable', () => {
  it('CS-62 yields the protocol of the application', async () => {
    const bench = connectable()
    const { protocol, connect } = await bench.connected()
    expect(protocol).toBe(bench.factory.protocols[0])
    expect(protocol.transport).toBe(connect.transport)
  })

  it('CS-72 gives each attempt a factory of its own', async () => {
    const bench = connectable()
    await bench.connected()
    await bench.connected()
    const [first, second] = bench.endpoint.connects
    expect(first!.factory).not.toBe(second!.factory)
  })

  it('CS-71 lets the endpoint use the factory of the application', async () => {
    const bench = connectable()
    await bench.connected()
    bench.endpoint.last.factory.doStart()
    expect(bench.factory.users).toBe(1)
  })

  it('hands signal, times and context on', async () => {
    const bench = connectable({ timeout: '7s', keepAlive: false })
    void bench.made.connect(bench.attempt)
    const { options } = bench.endpoint.last
    expect(options).toMatchObject({ timeout: '7s', keepAlive: false, context: bench.context })
    expect(options.signal).toBe(bench.control.signal)
  })

  it('takes the endpoints in turn, and is named after the last', async () => {
    const endpoints = ['tcp:a:1', 'tcp:b:2', 'tcp:c:3'].map((name) => new FakeEndpoint(name))
    const bench = connectable({}, endpoints)
    const names = [String(bench.made)]
    for (let attempt = 0; attempt < 4; attempt++) {
      void bench.made.connect(bench.attempt).catch(() => {})
      names.push(String(bench.made))
    }
    expect(names).toEqual(['tcp:a:1', 'tcp:a:1', 'tcp:b:2', 'tcp:c:3', 'tcp:a:1'])
    expect(endpoints.map((endpoint) => endpoint.connects.length)).toEqual([2, 1, 1])
  })

  it('tells of the loss', async () => {
    const bench = connectable()
    const { connect } = await bench.connected()
    const reason = connect.lose()
    expect(bench.losses).toEqual([reason])
  })

  it('CS-25 CS-81 closes through the transport that the protocol was given', async () => {
    const bench = connectable()
    const { protocol, connect } = await bench.connected()
    bench.made.close(protocol, new CancelledError(), bench.attempt)
    expect(connect.transport).toMatchObject({ closes: 1, aborts: 0 })
  })

  it('cuts through that transport, too', async () => {
    const bench = connectable()
    const { protocol, connect } = await bench.connected()
    bench.made.abort(protocol, bench.attempt)
    expect(connect.transport).toMatchObject({ closes: 0, aborts: 1 })
  })

  it('closes and cuts the connection of the attempt, when one protocol serves several', async () => {
    const bench = connectable()
    const protocol = new TestProtocol()
    bench.factory.build = () => protocol
    const { connect: first } = await bench.connected()
    const other = { ...bench.attempt }
    void bench.made.connect(other)
    const second = bench.endpoint.last
    await second.succeed()
    bench.made.close(protocol, new CancelledError(), bench.attempt)
    bench.made.abort(protocol, bench.attempt)
    expect(first.transport).toMatchObject({ closes: 1, aborts: 1 })
    expect(second.transport).toMatchObject({ closes: 0, aborts: 0 })
    bench.made.abort(protocol, other)
    expect(second.transport).toMatchObject({ closes: 0, aborts: 1 })
  })

  it.each([
    ['stops', new CancelledError(), 1, 0],
    ['rejects the connection', new Error('bad login'), 0, 1],
  ])('lets a protocol say goodbye only when the client %s', async (_what, reason, goodbyes, closes) => {
    const bench = connectable()
    let asked = 0
    bench.factory.build = () => Object.assign(new TestProtocol(), { stopRequested: () => asked++ })
    const { protocol, connect } = await bench.connected()
    bench.made.close(protocol, reason, bench.attempt)
    expect(asked).toBe(goodbyes)
    expect(connect.transport.closes).toBe(closes)
  })

  it.each([
    ['stops', new CancelledError()],
    ['rejects the connection', new Error('bad login')],
  ])('ends a stream, after what was written, when the client %s', async (_what, reason) => {
    const endpoint = new FakeEndpoint()
    const { attempt } = connectable()
    const made = new EndpointConnectable([endpoint], duplexFactory())
    const promise = made.connect(attempt)
    await endpoint.last.succeed()
    const stream = await promise
    const { transport } = endpoint.last
    const order: string[] = []
    transport.write = (data) => order.push(`write ${Buffer.from(data).toString()}`)
    transport.loseWriteConnection = () => {
      order.push('loseWriteConnection')
      stream.writeConnectionLost()
    }
    transport.loseConnection = () => order.push('loseConnection')
    stream.write('last words')
    made.close(stream, reason, attempt)
    await once(stream, 'finish')
    await settle()
    expect(order).toEqual(['write last words', 'loseWriteConnection', 'loseConnection'])
  })

  it.each([
    ['CS-60 when no protocol is built', () => undefined],
    ['CS-59 when building one throws', () => { throw new Error('broken') }], // prettier-ignore
  ])('fails with what the endpoint fails with, %s', async (_what, build) => {
    const bench = connectable()
    bench.factory.build = build
    const promise = bench.made.connect(bench.attempt)
    bench.endpoint.last.connect()
    await expect(promise).rejects.toThrow(/no protocol|broken/)
  })

  it('CS-58 fails when the endpoint throws', async () => {
    const bench = connectable()
    bench.endpoint.connect = () => {
      throw new Error('thrown')
    }
    await expect(bench.made.connect(bench.attempt)).rejects.toThrow('thrown')
  })

  it('fails when the endpoint yields something but built nothing', async () => {
    const endpoint: IStreamClientEndpoint = {
      connect: <P extends IProtocol>() => Promise.resolve(new TestProtocol() as unknown as P),
    }
    const { factory, attempt } = connectable()
    await expect(new EndpointConnectable([endpoint], factory).connect(attempt)).rejects.toThrow(TypeError)
  })

  it('yields the protocol also when the endpoint wraps what the factory builds', async () => {
    const endpoint: IStreamClientEndpoint = {
      connect: async <P extends IProtocol>(factory: IProtocolFactory<P>, _options?: ConnectOptions) => {
        const inner = factory.buildProtocol(peer)!
        return { wrapped: inner } as unknown as P
      },
    }
    const { factory, attempt } = connectable()
    const protocol = await new EndpointConnectable([endpoint], factory).connect(attempt)
    expect(protocol).toBe(factory.protocols[0])
    await settle()
  })

  it('hands the attempt itself to an endpoint that needs no signal, but not to one that overrides it', async () => {
    const cancellations: Cancellation[] = []
    class Cancellable extends FakeEndpoint {
      override connect<P extends IProtocol>(factory: IProtocolFactory<P>, options?: ConnectOptions) {
        return super.connect(factory, options)
      }
    }
    setCancellable(Cancellable.prototype.connect, (endpoint, factory, options, cancellation) => {
      cancellations.push(cancellation)
      return endpoint.connect(factory, options)
    })
    class Overriding extends Cancellable {
      override connect<P extends IProtocol>(factory: IProtocolFactory<P>, options?: ConnectOptions) {
        return super.connect(factory, options)
      }
    }
    const attemptAt = (endpoint: FakeEndpoint) => {
      const { made, context } = connectable({ timeout: 3 }, [endpoint])
      const nobody = { established() {}, ended() {}, lost() {}, left() {} }
      const attempt = new Attempt({ connectable: made, settings: connectionSettings({}), context, ...nobody })
      attempt.connect()
      return { attempt, options: endpoint.last.options }
    }
    const { attempt, options } = attemptAt(new Cancellable())
    expect(cancellations).toEqual([attempt])
    expect(options).toEqual({ timeout: 3, keepAlive: undefined, context: attempt.context })
    const other = attemptAt(new Overriding())
    expect(cancellations).toHaveLength(1)
    expect(other.options.signal).toBe(other.attempt.signal)
  })
})
