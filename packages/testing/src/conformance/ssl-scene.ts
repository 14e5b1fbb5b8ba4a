/**
 * The cast of the suite for TLS: who certifies whom, and how streams run over TLS.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type {
  ConnectionHandler,
  IConnector,
  IHostPort,
  IListeningPort,
  IReactorSSL,
  IReactorTCP,
  IReactorTime,
  ISSLTransport,
  ITLSTransport,
  SSLConnectOptions,
  SSLListenOptions,
  TLSClientOptions,
  TLSServerOptions,
} from '@sennit/interfaces'
import type { ClientFactory } from '@sennit/protocol'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import { type Authority, authority, type Credentials } from '../certificates.ts'
import type { ConformanceKit, Maker, Surroundings } from './kit.ts'
import { type StreamCase, streamCase } from './stream-case.ts'
import { type Carrier, ClientKeeper, type Scene, type StreamSurroundings } from './stream-scene.ts'

/** What the suite for `IReactorSSL` is given. */
export interface SSLSurroundings extends Surroundings {
  readonly reactor: IReactorTime & IReactorSSL & IReactorTCP
}

/** What the cases are given. */
export type CarriedBySSL = SSLSurroundings & StreamSurroundings

export type SSLScene = Scene<CarriedBySSL>

/** Keys take a while to be made, so that all cases share them. */
class Cast {
  readonly authority: Authority = authority('An authority')
  readonly stranger: Authority = authority('An authority that nobody trusts')
  readonly server: Credentials = this.authority.issue('localhost', { names: ['localhost', '127.0.0.1'] })
  readonly other: Credentials = this.authority.issue('other.example')
  readonly wild: Credentials = this.authority.issue('*.wild.example')
  readonly expired: Credentials = this.authority.issue('127.0.0.1', { until: 2001 })
  readonly client: Credentials = this.authority.issue('a client', { names: [] })
  /** A client's, from somebody whom the server does not trust. */
  readonly strange: Credentials = this.stranger.issue('a stranger', { names: ['127.0.0.1'] })
  /** What makes a client trust the server. */
  readonly trust: { readonly ca: string } = { ca: this.authority.cert }
}

let made: Cast | undefined

/** Who certifies whom. */
export function cast(): Cast {
  made ??= new Cast()
  return made
}

/** Streams over TLS. */
export function carriedBySSL(made: SSLSurroundings): CarriedBySSL {
  const { reactor } = made
  const carrier: Carrier = {
    listen(handler, options, at) {
      const { port = 0 } = (at ?? {}) as Partial<IHostPort>
      return reactor.listenSSL(port, handler, cast().server, { interface: '127.0.0.1', ...options })
    },
    connect(to, factory, options) {
      const { host, port } = to as IHostPort
      return reactor.connectSSL(host, port, factory, cast().trust, options)
    },
  }
  return { ...made, carrier }
}

/** The `it` of the suite for TLS. */
export function sslCase(kit: ConformanceKit, make: Maker<SSLSurroundings>): StreamCase<CarriedBySSL> {
  return streamCase({ kit, make: async () => carriedBySSL(await make()), role: 'IReactorSSL' })
}

/** A port that speaks TLS; with the server's own certificate unless told otherwise. */
export function listenSSL(
  scene: SSLScene,
  handler: ConnectionHandler,
  tls: TLSServerOptions = cast().server,
  options: SSLListenOptions = {},
): Promise<IListeningPort> {
  const all = { interface: '127.0.0.1', drainTimeout: 1, context: { log: scene.log }, ...options }
  return scene.keep(scene.made.reactor.listenSSL(0, handler, tls, all))
}

/** A port that speaks TCP. */
export function listenTCP(scene: SSLScene, handler: ConnectionHandler): Promise<IListeningPort> {
  const all = { interface: '127.0.0.1', drainTimeout: 1, context: { log: scene.log } }
  return scene.keep(scene.made.reactor.listenTCP(0, handler, all))
}

/** A client that trusts the server, unless told otherwise. */
export function connectSSL(
  scene: SSLScene,
  to: IListeningPort,
  factory: ClientFactory,
  tls: TLSClientOptions = cast().trust,
  options: SSLConnectOptions = {},
): IConnector {
  const { host, port } = to.getHost() as IHostPort
  return scene.made.reactor.connectSSL(host, port, factory, tls, { context: { log: scene.log }, ...options })
}

/** A client without TLS. */
export function connectTCP(scene: SSLScene, to: IListeningPort, factory: ClientFactory): IConnector {
  const { host, port } = to.getHost() as IHostPort
  return scene.made.reactor.connectTCP(host, port, factory, { context: { log: scene.log } })
}

/** A client's factory that builds one protocol after the other. */
export function clients(): ClientKeeper<AccumulatingProtocol> {
  return new ClientKeeper(() => new AccumulatingProtocol())
}

/** Why an attempt has failed. */
export async function failureOf(
  scene: SSLScene,
  factory: ClientKeeper<AccumulatingProtocol>,
): Promise<Error> {
  await scene.made.until(() => factory.failure !== undefined || factory.built.length > 0)
  assert.deepEqual(factory.built, [])
  return factory.failure!
}

/** What a transport can do about TLS. */
export function tlsOf({ transport }: AccumulatingProtocol): ITLSTransport & ISSLTransport {
  return transport as unknown as ITLSTransport & ISSLTransport
}
