import type {
  IHandshakeListener,
  IProtocol,
  IProtocolFactory,
  IStreamClientEndpoint,
  ITLSTransport,
  StartTLSOptions,
} from '@sennit/interfaces'
import { ConnectionLost, ConnectionRefusedError } from '@sennit/protocol'
import { type RecordedConnector, StringTransport } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { HostnameEndpoint } from '../src/tcp-client-endpoint.ts'
import { TLSClientFiles } from '../src/tls-client-files.ts'
import { UNIXClientEndpoint } from '../src/unix-client-endpoint.ts'
import { wrapClientTLS } from '../src/wrap-client-tls.ts'
import { EndpointReactor, factoryOf, onMade, PEMS, type Recorder, RecorderFactory } from './doubles.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A transport whose handshakes are recorded. */
class TLSTransport extends StringTransport implements ITLSTransport {
  readonly started: StartTLSOptions[] = []
  startTLS(options: StartTLSOptions): void {
    this.started.push(options)
  }
}

/** An attempt over TCP that has its connection, and waits for the handshake. */
async function handshaking<P extends IProtocol = Recorder>(
  factory = new RecorderFactory() as IProtocolFactory<IProtocol> as IProtocolFactory<P>,
  transport: StringTransport = new TLSTransport(),
) {
  const reactor = new EndpointReactor()
  const controller = new AbortController()
  const inner = new HostnameEndpoint('carbon', 443, { reactor })
  const result = wrapClientTLS({ ca: 'ROOT' }, inner, { handshakeTimeout: '3s' }).connect(factory, {
    signal: controller.signal,
    timeout: '7s',
  })
  result.catch(() => {})
  await turn()
  const connector: RecordedConnector = reactor.connectors[0]!
  return {
    reactor,
    controller,
    result,
    connector,
    transport,
    outer: () => connector.succeed(transport) as IProtocol & IHandshakeListener,
  }
}

describe('wrapClientTLS', () => {
  it('EP-44 connects by the endpoint, begins TLS, and yields the innermost protocol when the handshake is done', async () => {
    const factory = new RecorderFactory()
    const { reactor, result, outer, transport } = await handshaking(factory)
    expect(reactor.tcpClients[0]).toMatchObject({ host: 'carbon', port: 443, options: { timeout: '7s' } })
    const protocol = outer()
    expect((transport as TLSTransport).started).toEqual([
      { ca: 'ROOT', servername: 'carbon', handshakeTimeout: '3s' },
    ])
    await turn()
    expect(factory.built).toEqual([])
    protocol.handshakeCompleted()
    expect(await result).toBe(factory.built[0])
    protocol.dataReceived(Buffer.from('x'))
    protocol.connectionLost(new ConnectionLost())
    expect(factory.built[0]!.events).toEqual(['made', 'x', 'lost'])
  })

  it('EP-44 EP-14 puts the factory to use and out of it', async () => {
    const factory = new RecorderFactory()
    const { result, connector, outer } = await handshaking(factory)
    outer().handshakeCompleted()
    await result
    connector.lose(new ConnectionLost())
    expect(factory.calls).toEqual(['doStart', 'doStop'])
  })

  it('tells the protocol of the handshake, after makeConnection', async () => {
    const events: string[] = []
    const listener = Object.assign(
      onMade(() => events.push('made')),
      { handshakeCompleted: () => events.push('handshake') },
    )
    const { result, outer } = await handshaking(factoryOf(() => listener))
    outer().handshakeCompleted()
    await result
    expect(events).toEqual(['made', 'handshake'])
  })

  it('EP-44 passes a failure to connect through', async () => {
    const { result, connector } = await handshaking()
    const reason = new ConnectionRefusedError()
    connector.fail(reason)
    await expect(result).rejects.toBe(reason)
  })

  it('EP-44 rejects when the handshake fails', async () => {
    const factory = new RecorderFactory()
    const { result, outer } = await handshaking(factory)
    const reason = new ConnectionLost('not trusted')
    outer().connectionLost(reason)
    await expect(result).rejects.toBe(reason)
    expect(factory.built).toEqual([])
  })

  it('EP-44 EP-08 passes a cancellation through while it connects', async () => {
    const { result, controller, connector } = await handshaking()
    controller.abort()
    await expect(result).rejects.toMatchObject({ code: 'ABORT_ERR', address: connector.getDestination() })
  })

  it('EP-44 EP-08 cuts the connection when it is cancelled during the handshake', async () => {
    const { result, controller, outer, transport } = await handshaking()
    const protocol = outer()
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(result).rejects.toMatchObject({
      code: 'ABORT_ERR',
      address: transport.getPeer(),
      cause: reason,
    })
    expect(transport.disconnected).toBe(true)
    protocol.connectionLost(new ConnectionLost())
  })

  it('EP-44 EP-12 is not undone by its signal after the handshake', async () => {
    const { result, controller, outer, transport } = await handshaking()
    outer().handshakeCompleted()
    await result
    controller.abort()
    expect(transport.disconnected).toBe(false)
  })

  it('EP-44 EP-07 rejects, and cuts the connection, when the factory builds nothing or throws', async () => {
    const error = new Error('boom')
    const factories: [IProtocolFactory, object][] = [
      [factoryOf(() => undefined), { code: 'ERR_SENNIT_NO_PROTOCOL' }],
      [
        factoryOf(() => {
          throw error
        }),
        error,
      ],
    ]
    for (const [factory, expected] of factories) {
      const { result, outer, transport } = await handshaking(factory)
      outer().handshakeCompleted()
      await expect(result).rejects.toMatchObject(expected)
      expect(transport.disconnected).toBe(true)
    }
  })

  it('EP-44 EP-11 rejects, and cuts the connection, when connectionMade throws', async () => {
    const error = new Error('boom')
    const throwing = onMade(() => {
      throw error
    })
    const { result, outer, transport } = await handshaking(factoryOf(() => throwing))
    outer().handshakeCompleted()
    await expect(result).rejects.toBe(error)
    expect(transport.disconnected).toBe(true)
  })

  it('EP-45 rejects, naming the role, when the transport can do no TLS', async () => {
    const { result, outer, transport } = await handshaking(new RecorderFactory(), new StringTransport())
    outer()
    await expect(result).rejects.toMatchObject({ code: 'ERR_SENNIT_MISSING_ROLE', role: 'ITLSTransport' })
    expect(transport.disconnected).toBe(true)
  })

  it('rejects a cancellation inside makeConnection of the protocol', async () => {
    const controllers: AbortController[] = []
    const aborting = onMade(() => controllers[0]!.abort())
    const { result, outer, controller, transport } = await handshaking(factoryOf(() => aborting))
    controllers.push(controller)
    outer().handshakeCompleted()
    await expect(result).rejects.toMatchObject({ code: 'ABORT_ERR' })
    expect(transport.disconnected).toBe(true)
  })

  it('begins no handshake that lasts when it is cancelled inside startTLS', async () => {
    const transport = new TLSTransport()
    const { result, outer, controller } = await handshaking(new RecorderFactory(), transport)
    transport.startTLS = () => controller.abort()
    outer()
    await expect(result).rejects.toMatchObject({ code: 'ABORT_ERR' })
    expect(transport.disconnected).toBe(true)
  })

  it('says nothing of keys and certificates that are no files', () => {
    const endpoint = wrapClientTLS(
      { key: 'secret', servername: 'db', ALPNProtocols: ['h2'] },
      new UNIXClientEndpoint('/a'),
    )
    expect(String(endpoint)).toBe(String.raw`tls:db:endpoint=unix\:/a:alpn=h2`)
  })

  it('EP-75 refuses an endpoint of which it cannot know the name of the other side', () => {
    const inner = new UNIXClientEndpoint('/run/tunnel.sock')
    expect(() => wrapClientTLS({}, inner)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_OPTION', option: 'servername' }),
    )
    const endpoints: IStreamClientEndpoint[] = [
      wrapClientTLS({ servername: 'db' }, inner),
      wrapClientTLS({ rejectUnauthorized: false }, inner),
      wrapClientTLS(new TLSClientFiles({ servername: 'db' }), inner),
    ]
    expect(endpoints).toHaveLength(3)
  })

  it('reads files by the reactor it was given, else by that of the context', async () => {
    const files = { 'both.pem': PEMS.key + PEMS.cert }
    const [own, inherited] = [new EndpointReactor(files), new EndpointReactor(files)]
    const tls = new TLSClientFiles({ certificate: 'both.pem', servername: 'carbon' })
    const context = { reactor: inherited }
    void wrapClientTLS(tls, new HostnameEndpoint('carbon', 443), { reactor: own }).connect(
      new RecorderFactory(),
      {
        context,
      },
    )
    await turn()
    expect([own.files.reads.length, inherited.files.reads.length]).toEqual([2, 0])
    void wrapClientTLS(tls, new HostnameEndpoint('carbon', 443)).connect(new RecorderFactory(), { context })
    await turn()
    expect(inherited.files.reads).toHaveLength(2)
  })
})
