/**
 * A place to listen at behind HAProxy, or another proxy that speaks its PROXY protocol.
 *
 * Source: Twisted, `twisted/protocols/haproxy/_parser.py`, `HAProxyServerParser`, `proxyEndpoint`.
 * Differs: only trusted proxies may connect; the header has a deadline; with TLS, it comes before the handshake.
 *
 * @module
 */
import type {
  ConnectionHandler,
  Duration,
  Fact,
  IAddress,
  IListeningPort,
  IProtocolFactory,
  IReactorTime,
  ISocketHandler,
  IStreamHandler,
  IStreamServerEndpoint,
  Seconds,
  StreamListenOptions,
} from '@sennit/interfaces'
import { handlerKind, internetAddress } from '@sennit/protocol'
import { defaultLog, systemClock, toSeconds } from '@sennit/runtime'
import { CurrentCredentials } from './current-credentials.ts'
import { endpointText } from './endpoint-text.ts'
import { EndpointOptionError } from './errors.ts'
import { ProxiedFactory } from './proxied-factory.ts'
import { ProxiedSocketHandler, ProxiedStreamHandler } from './proxied-streams.ts'
import { ProxyGate } from './proxy-gate.ts'
import { asFactory } from './stream-factory.ts'
import { TCP4ServerEndpoint } from './tcp-server-endpoint.ts'
import { TLSServerEndpoint } from './tls-server-endpoint.ts'
import { NETWORKS_WANTED, TrustedNetworks } from './trusted-networks.ts'
import { WrappedPort } from './wrapped-port.ts'
import { WrapperServerEndpoint } from './wrapper-server-endpoint.ts'

/** How long a header may take unless it is told otherwise. */
const HEADER_TIMEOUT: Seconds = 5

/** Options of an endpoint behind a proxy. */
export interface HAProxyServerEndpointOptions {
  /**
   * The addresses of the proxies, or their networks; whoever connects from elsewhere is refused, for it could claim to be
   * anybody. It may be left out when only this host can connect. UNIX sockets are always trusted.
   *
   * @defaultValue this host
   */
  readonly trusted?: readonly string[] | undefined
  /** How long the header may take before the connection is closed. @defaultValue '5s' */
  readonly headerTimeout?: Duration | undefined
  /** The reactor whose clock is used. @defaultValue the `context`'s clock, in the options of `listen`, else real time */
  readonly reactor?: IReactorTime | undefined
}

/**
 * Listens at another endpoint; who has connected is what the proxy says. Each connection must begin with a header of version 1 or 2.
 *
 * @example
 * ```ts
 * const endpoint = new HAProxyServerEndpoint(new TCP4ServerEndpoint(8080), { trusted: ['10.0.0.0/8'] })
 * ```
 */
export class HAProxyServerEndpoint implements IStreamServerEndpoint {
  readonly #inner: IStreamServerEndpoint
  readonly #trusted: readonly string[] | undefined
  readonly #networks: TrustedNetworks
  readonly #headerTimeout: Seconds
  readonly #reactor: IReactorTime | undefined

  /**
   * @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`) when what is trusted is no network
   * @throws DurationError (`ERR_SENNIT_DURATION`) when the timeout is none
   */
  constructor(inner: IStreamServerEndpoint, options: HAProxyServerEndpointOptions = {}) {
    const { trusted, headerTimeout = HEADER_TIMEOUT, reactor } = options
    this.#inner = inner
    this.#trusted = trusted
    this.#networks = new TrustedNetworks(trusted)
    this.#headerTimeout = toSeconds(headerTimeout, 'headerTimeout')
    this.#reactor = reactor
  }

  /**
   * Listens.
   *
   * @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`), as a rejection, when nobody is `trusted` and others than this host
   *   could connect
   * @throws what the other endpoint's `listen` throws, as a rejection
   */
  async listen(handler: ConnectionHandler, options: StreamListenOptions = {}): Promise<IListeningPort> {
    const inner = this.#inner
    if (inner instanceof TCP4ServerEndpoint || inner instanceof TLSServerEndpoint) {
      this.#assertTrusted(internetAddress('TCP', inner.interface || '0.0.0.0', inner.port))
    }
    const { context } = options
    const gate = new ProxyGate({
      trusted: this.#networks,
      headerTimeout: this.#headerTimeout,
      clock: context?.clock ?? this.#reactor ?? context?.reactor ?? systemClock,
      log: context?.log ?? defaultLog,
    })
    const port = await this.#open(handler, options, gate)
    try {
      this.#assertTrusted(port.getHost())
    } catch (error) {
      await port.stopListening()
      throw error
    }
    return new ProxyPort(port, gate)
  }

  /** Who can connect must be trusted proxies, or this host. */
  #assertTrusted(host: IAddress): void {
    if (this.#trusted !== undefined || new TrustedNetworks().has(host)) return
    const wanted = `${NETWORKS_WANTED}, since ${host.toString()} is open to others`
    throw new EndpointOptionError('trusted', wanted, undefined)
  }

  #open(handler: ConnectionHandler, options: StreamListenOptions, gate: ProxyGate): Promise<IListeningPort> {
    const inner = this.#inner
    if (!(inner instanceof TLSServerEndpoint)) {
      return new WrapperServerEndpoint(inner, (wrapped) => behindProxy(wrapped, gate)).listen(
        handler,
        options,
      )
    }
    return inner.open(options, async (tls) => {
      const current = new CurrentCredentials()
      await current.begin(tls)
      const { handshakeTimeout } = inner
      const factory = new ProxiedFactory(asFactory(handler, gate), gate, {
        options: () => current.options,
        handshakeTimeout,
      })
      return { port: await inner.beneath.listen(factory, options), use: (next) => current.use(next) }
    })
  }

  /** The string that describes it. */
  toString(): string {
    const own = endpointText('haproxy', [], {
      trusted: this.#trusted?.join(','),
      headerTimeout: this.#headerTimeout === HEADER_TIMEOUT ? undefined : this.#headerTimeout,
    })
    return `${own}:${String(this.#inner)}`
  }
}

/** A handler that is given the connection after the header. */
function behindProxy(handler: ConnectionHandler, gate: ProxyGate): ConnectionHandler {
  switch (handlerKind(handler)) {
    case 'protocol':
      return new ProxiedFactory(handler as IProtocolFactory, gate)
    case 'stream':
      return new ProxiedStreamHandler(handler as IStreamHandler, gate)
    case 'socket':
      return new ProxiedSocketHandler(handler as ISocketHandler, gate)
  }
}

class ProxyPort extends WrappedPort {
  readonly #gate: ProxyGate

  constructor(inner: IListeningPort, gate: ProxyGate) {
    super(inner)
    this.#gate = gate
  }

  protected facts(): Readonly<Record<string, Fact>> {
    const { untrusted, invalid } = this.#gate
    return { untrusted, invalid }
  }
}
