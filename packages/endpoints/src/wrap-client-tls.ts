/**
 * TLS over whatever another endpoint connects to.
 *
 * | stage        | handshake done       | connection lost, or cut     | signal aborted     |
 * |--------------|----------------------|-----------------------------|--------------------|
 * | handshaking  | made: resolved, or, when the factory or the protocol throws, over: rejected | over: rejected | over: rejected, cut |
 * | made         | told to the protocol | told to the protocol        | -                  |
 * | over         | -                    | -                           | -                  |
 *
 * Before the handshake begins, everything is the inner endpoint's.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `wrapClientTLS`, `_WrapperEndpoint`.
 * Differs: the protocol is made when the handshake is done; a failed handshake fails the result.
 *
 * @module
 */
import type {
  ConnectOptions,
  Duration,
  IAddress,
  IProtocol,
  IProtocolFactory,
  IReactorTime,
  IStreamClientEndpoint,
  IStreamTransport,
  ITLSTransport,
  TLSClientOptions,
} from '@sennit/interfaces'
import { ConnectingCancelledError, NoProtocolError } from '@sennit/protocol'
import { requireRole } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import { readClientCredentials } from './client-credentials.ts'
import { endpointText } from './endpoint-text.ts'
import { EndpointOptionError } from './errors.ts'
import { ForwardingProtocol } from './forwarding-protocol.ts'
import { HostnameEndpoint } from './tcp-client-endpoint.ts'
import { TLSClientFiles } from './tls-client-files.ts'

/** Options of `wrapClientTLS`. */
export interface WrapClientTLSOptions {
  /** How long the handshake may take. @defaultValue '10s' */
  readonly handshakeTimeout?: Duration | undefined
  /** The reactor that reads files. @defaultValue the `context`'s, in the options of `connect`, else the global one */
  readonly reactor?: IReactorTime | undefined
}

/**
 * An endpoint that connects by another one, and makes the connection private.
 *
 * @param tls - what to trust, and what this side proves itself with, or the files that have it; its `servername` is the name
 *   that the certificate must be for
 * @param endpoint - makes the connection; its transports must have the role `ITLSTransport`
 * @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`) when there is no `servername`, and none can be found out
 * @example
 * ```ts
 * const endpoint = wrapClientTLS({ servername: 'db.internal' }, new UNIXClientEndpoint('/run/tunnel.sock'))
 * ```
 */
export function wrapClientTLS(
  tls: TLSClientOptions | TLSClientFiles,
  endpoint: IStreamClientEndpoint,
  options: WrapClientTLSOptions = {},
): IStreamClientEndpoint {
  const { servername, rejectUnauthorized } = tls instanceof TLSClientFiles ? tls.options : tls
  const name = servername ?? (endpoint instanceof HostnameEndpoint ? endpoint.host : undefined)
  if (name === undefined && rejectUnauthorized !== false) {
    throw new EndpointOptionError('servername', 'the name that the certificate is for', undefined)
  }
  return new TLSWrapperEndpoint(tls, endpoint, name, options)
}

class TLSWrapperEndpoint implements IStreamClientEndpoint {
  readonly #tls: TLSClientOptions | TLSClientFiles
  readonly #endpoint: IStreamClientEndpoint
  readonly #servername: string | undefined
  readonly #options: WrapClientTLSOptions

  constructor(
    tls: TLSClientOptions | TLSClientFiles,
    endpoint: IStreamClientEndpoint,
    servername: string | undefined,
    options: WrapClientTLSOptions,
  ) {
    this.#tls = tls
    this.#endpoint = endpoint
    this.#servername = servername
    this.#options = options
  }

  async connect<P extends IProtocol>(factory: IProtocolFactory<P>, options: ConnectOptions = {}): Promise<P> {
    const { handshakeTimeout, reactor = options.context?.reactor } = this.#options
    const tls = await readClientCredentials(this.#tls, reactor, options)
    const wrapping = new HandshakeFactory(factory, options.signal, (transport) => {
      requireRole<ITLSTransport>(transport, 'ITLSTransport', ['startTLS']).startTLS({
        ...tls,
        servername: this.#servername,
        handshakeTimeout,
      })
    })
    const handshake = await this.#endpoint.connect(wrapping, options)
    return handshake.done
  }

  /** The string that describes it, without keys and certificates that are no files. */
  toString(): string {
    const fromFiles = this.#tls instanceof TLSClientFiles
    const { ALPNProtocols } = fromFiles ? this.#tls.options : this.#tls
    return endpointText('tls', [this.#servername ?? ''], {
      endpoint: String(this.#endpoint),
      ...(fromFiles ? this.#tls.fields('tls') : undefined),
      alpn: ALPNProtocols?.join(','),
      handshakeTimeout: this.#options.handshakeTimeout,
    })
  }
}

/** The factory that the inner endpoint sees. */
class HandshakeFactory<P extends IProtocol> implements IProtocolFactory<Handshake<P>> {
  readonly #factory: IProtocolFactory<P>
  readonly #signal: AbortSignal | undefined
  readonly #startTLS: (transport: IStreamTransport) => void

  constructor(
    factory: IProtocolFactory<P>,
    signal: AbortSignal | undefined,
    startTLS: (transport: IStreamTransport) => void,
  ) {
    this.#factory = factory
    this.#signal = signal
    this.#startTLS = startTLS
  }

  buildProtocol(address: IAddress): Handshake<P> {
    return new Handshake(() => this.#factory.buildProtocol(address), this.#signal, this.#startTLS)
  }

  doStart(): void {
    this.#factory.doStart()
  }

  doStop(): void {
    this.#factory.doStop()
  }
}

/** Stands before the caller's protocol until the handshake is done, and passes everything on to it from then on. */
class Handshake<P extends IProtocol> extends ForwardingProtocol {
  /** The caller's protocol, connected. */
  readonly done: Promise<P>
  readonly #build: () => P | undefined
  readonly #signal: AbortSignal | undefined
  readonly #startTLS: (transport: IStreamTransport) => void
  #resolve!: (protocol: P) => void
  #reject!: (error: Error) => void
  #stage: 'handshaking' | 'made' | 'over' = 'handshaking'
  #transport: IStreamTransport | undefined

  constructor(
    build: () => P | undefined,
    signal: AbortSignal | undefined,
    startTLS: (transport: IStreamTransport) => void,
  ) {
    super()
    this.#build = build
    this.#signal = signal
    this.#startTLS = startTLS
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // The inner endpoint may fail first, and then nobody asks.
    this.done.catch(() => {})
  }

  makeConnection(transport: IStreamTransport): void {
    this.#transport = transport
    this.#startTLS(transport)
    if (this.#signal?.aborted) this.handleEvent()
    else this.#signal?.addEventListener('abort', this)
  }

  /** The signal is aborted. */
  handleEvent(): void {
    const transport = this.#transport!
    const error = new ConnectingCancelledError(transport.getPeer(), { cause: this.#signal?.reason })
    this.#fail(error)
    transport.abortConnection(error)
  }

  override get handshakeCompleted(): (() => void) | undefined {
    return this.#stage === 'handshaking' ? () => this.#completed() : super.handshakeCompleted
  }

  override connectionLost(reason: Error): void {
    if (this.#stage === 'handshaking') this.#fail(reason)
    else super.connectionLost(reason)
  }

  #completed(): void {
    let protocol: P | undefined
    try {
      protocol = this.#build()
      if (!protocol) throw new NoProtocolError()
      this.#stage = 'made'
      this.target = protocol
      protocol.makeConnection(this.#transport!)
    } catch (error) {
      this.#fail(asError(error))
      this.#transport!.abortConnection()
      return
    }
    this.#forgetSignal()
    this.#resolve(protocol)
    super.handshakeCompleted?.()
  }

  #fail(error: Error): void {
    if (this.#stage === 'handshaking') this.#stage = 'over'
    this.#forgetSignal()
    this.#reject(error)
  }

  #forgetSignal(): void {
    this.#signal?.removeEventListener('abort', this)
  }
}
