/**
 * Places to listen at by TLS.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `SSL4ServerEndpoint`.
 * Differs: the reactor may be left out; credentials may be files, which are read when the endpoint listens, and again when they
 * change.
 *
 * @module
 */
import type {
  ConnectionHandler,
  Duration,
  IListeningPort,
  IReactorSSL,
  IReactorTime,
  IStreamServerEndpoint,
  ITLSPort,
  SSLListenOptions,
  StreamListenOptions,
  TLSServerOptions,
} from '@sennit/interfaces'
import { reactorWith } from '@sennit/reactor'
import { requireRole, toSeconds, type Seconds } from '@sennit/runtime'
import { endpointText } from './endpoint-text.ts'
import { checkedPort } from './option-checks.ts'
import { type OpenedPort, openReloading } from './reloading-port.ts'
import { TCP4ServerEndpoint } from './tcp-server-endpoint.ts'
import { TLSServerFiles } from './tls-server-files.ts'

/** Options of an endpoint that listens by TLS. */
export interface TLSServerEndpointOptions {
  /** The local address. @defaultValue all of IPv4 */
  readonly interface?: string | undefined
  /** How many connections wait to be accepted, at most. @defaultValue the platform's */
  readonly backlog?: number | undefined
  /** How long a handshake may take before the connection is closed. @defaultValue '10s' */
  readonly handshakeTimeout?: Duration | undefined
  /** Whether credentials from files are read again when these change, and how often they are looked at. @defaultValue '5s' */
  readonly reload?: Duration | boolean | undefined
  /** The reactor. @defaultValue the `context`'s, in the options of `listen`, else the global one */
  readonly reactor?: IReactorTime | undefined
}

/**
 * Listens at a port; connections are served once their handshake is done.
 *
 * @example
 * ```ts
 * const endpoint = new TLSServerEndpoint(443, new TLSServerFiles({ privateKey: 'key.pem', certificate: 'cert.pem' }))
 * const port = await endpoint.listen(handler(serve))
 * ```
 */
export class TLSServerEndpoint implements IStreamServerEndpoint {
  readonly port: number
  readonly interface: string
  /** The type of its string. */
  protected readonly type: 'tls' | 'ssl' = 'tls'
  readonly #tls: TLSServerOptions | TLSServerFiles
  readonly #backlog: number | undefined
  readonly #handshakeTimeout: Seconds | undefined
  readonly #reload: Seconds | boolean
  readonly #reactor: IReactorTime | undefined

  /**
   * @param port - 0 picks a free one
   * @param tls - keys and certificates, or the files that have them
   * @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`) when the port is none
   * @throws DurationError (`ERR_SENNIT_DURATION`) when a time is none
   */
  constructor(port: number, tls: TLSServerOptions | TLSServerFiles, options: TLSServerEndpointOptions = {}) {
    const { interface: local = '', backlog, handshakeTimeout, reload = true, reactor } = options
    this.port = checkedPort(port)
    this.interface = local
    this.#tls = tls
    this.#backlog = backlog
    this.#handshakeTimeout =
      handshakeTimeout === undefined ? undefined : toSeconds(handshakeTimeout, 'handshakeTimeout')
    this.#reload = typeof reload === 'boolean' ? reload : toSeconds(reload, 'reload')
    this.#reactor = reactor
  }

  /**
   * Listens.
   *
   * @param options - passed on to the reactor; what they say stands above what the endpoint says
   * @throws EndpointFileError (`ERR_SENNIT_ENDPOINT_FILE`), as a rejection, when a file of the credentials cannot be used
   * @throws CannotListenError, as a rejection
   * @throws MissingRoleError (`ERR_SENNIT_MISSING_ROLE`), as a rejection, when the reactor has no TLS, or no files
   */
  listen(handler: ConnectionHandler, options: SSLListenOptions = {}): Promise<IListeningPort> {
    const reactor = this.#reactor ?? options.context?.reactor
    return this.open(options, async (tls) => {
      const ssl = reactorWith<IReactorSSL>(reactor, 'IReactorSSL', ['listenSSL'])
      const port = await ssl.listenSSL(this.port, handler, tls, {
        ...options,
        interface: options.interface ?? this.interface,
        backlog: options.backlog ?? this.#backlog,
        handshakeTimeout: options.handshakeTimeout ?? this.#handshakeTimeout,
      })
      const use = (next: TLSServerOptions): void =>
        requireRole<ITLSPort>(port, 'ITLSPort', ['setTLSOptions']).setTLSOptions(next)
      return { port, use }
    })
  }

  /** The same place without TLS, for what comes before a handshake. @internal */
  get beneath(): TCP4ServerEndpoint {
    const { interface: local } = this
    return new TCP4ServerEndpoint(this.port, {
      interface: local,
      backlog: this.#backlog,
      reactor: this.#reactor,
    })
  }

  /** @internal */
  get handshakeTimeout(): Seconds | undefined {
    return this.#handshakeTimeout
  }

  /** Opens a port with the credentials, which are read when they are files. @internal */
  async open(
    options: StreamListenOptions,
    open: (tls: TLSServerOptions) => Promise<OpenedPort>,
  ): Promise<IListeningPort> {
    const source = this.#tls
    if (!(source instanceof TLSServerFiles)) return (await open(source)).port
    const reactor = this.#reactor ?? options.context?.reactor
    return openReloading({ source, reload: this.#reload, reactor }, options, open)
  }

  /** The string that describes it, without keys and certificates that are no files. */
  toString(): string {
    const { type } = this
    const reloads = type === 'tls'
    return endpointText(type, [this.port], {
      ...(this.#tls instanceof TLSServerFiles ? this.#tls.fields(type) : undefined),
      interface: this.interface || undefined,
      backlog: this.#backlog,
      handshakeTimeout: this.#handshakeTimeout,
      reload: this.#reload === reloads ? undefined : this.#reload,
    })
  }
}

/**
 * Listens at a port; credentials from files are read once unless told otherwise.
 *
 * @example
 * ```ts
 * const port = await new SSL4ServerEndpoint(443, { key, cert }).listen(handler(serve))
 * ```
 */
export class SSL4ServerEndpoint extends TLSServerEndpoint {
  protected override readonly type = 'ssl'

  constructor(
    port: number,
    tls: TLSServerOptions | TLSServerFiles,
    { reload = false, ...options }: TLSServerEndpointOptions = {},
  ) {
    super(port, tls, { ...options, reload })
  }
}
