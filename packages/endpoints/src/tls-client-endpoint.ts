/**
 * Places to connect to by TLS.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `SSL4ClientEndpoint`, and what `_parseClientTLS` makes.
 * Differs: the reactor may be left out; the server's certificate and name are checked unless told otherwise; credentials may be
 * files, which are read for each attempt.
 *
 * @module
 */
import type {
  ConnectOptions,
  Duration,
  IProtocol,
  IProtocolFactory,
  IReactorSSL,
  IStreamClientEndpoint,
  TLSClientOptions,
} from '@sennit/interfaces'
import { reactorWith } from '@sennit/reactor'
import { toSeconds, type Seconds } from '@sennit/runtime'
import { readClientCredentials } from './client-credentials.ts'
import { connectBy } from './connect-attempt.ts'
import { endpointText } from './endpoint-text.ts'
import { type HostnameEndpointOptions, TCPDestination } from './tcp-client-endpoint.ts'
import { TLSClientFiles } from './tls-client-files.ts'

/** Options of an endpoint that connects by TLS. */
export interface TLSClientEndpointOptions extends HostnameEndpointOptions {
  /** How long the handshake may take. @defaultValue '10s' */
  readonly handshakeTimeout?: Duration | undefined
}

/**
 * Connects to a name or an IP address over whichever family reaches it, and makes the connection private.
 *
 * @example
 * ```ts
 * const socket = await new TLSClientEndpoint('feed.example', 4443).connect(duplexFactory(), { timeout: '5s' })
 * ```
 */
export class TLSClientEndpoint implements IStreamClientEndpoint {
  /** The type of its string. */
  protected readonly type: 'tls' | 'ssl' = 'tls'
  readonly #to: TCPDestination
  readonly #tls: TLSClientOptions | TLSClientFiles
  readonly #handshakeTimeout: Seconds | undefined

  /**
   * A host that can be no name is an error of `connect`.
   *
   * @param tls - what to trust, and what this side proves itself with, or the files that have it
   * @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`) when the host is no text, or the port none
   * @throws DurationError (`ERR_SENNIT_DURATION`) when a time is none
   */
  constructor(
    host: string,
    port: number,
    tls: TLSClientOptions | TLSClientFiles = {},
    { handshakeTimeout, ...options }: TLSClientEndpointOptions = {},
  ) {
    this.#to = new TCPDestination(host, port, options)
    this.#tls = tls
    this.#handshakeTimeout =
      handshakeTimeout === undefined ? undefined : toSeconds(handshakeTimeout, 'handshakeTimeout')
  }

  /** The name, in the form in which it is looked up, or the IP address. */
  get host(): string {
    return this.#to.host
  }

  get port(): number {
    return this.#to.port
  }

  /**
   * Connects, and yields the protocol that the factory built once the handshake was done, after its `makeConnection`.
   *
   * @param options - what they say stands above what the endpoint says
   * @throws SSLError, as a rejection, when the two sides do not agree, or this one does not trust the other
   * @throws ConnectError, as a rejection, or what else the reactor says
   * @throws ConnectingCancelledError, as a rejection, when the signal is aborted
   * @throws EndpointFileError (`ERR_SENNIT_ENDPOINT_FILE`), as a rejection, when a file of the credentials cannot be used
   * @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`), as a rejection, when the host can be no name
   * @throws NoProtocolError, as a rejection, when the factory builds no protocol
   * @throws MissingRoleError (`ERR_SENNIT_MISSING_ROLE`), as a rejection, when the reactor has no TLS, or no files
   */
  async connect<P extends IProtocol>(factory: IProtocolFactory<P>, options: ConnectOptions = {}): Promise<P> {
    const to = this.#to
    const reactor = to.reactor ?? options.context?.reactor
    const tls = await readClientCredentials(this.#tls, reactor, options)
    return connectBy(
      factory,
      options.signal,
      () => to.address(),
      (attempt) => {
        to.assertHost()
        const ssl = reactorWith<IReactorSSL>(reactor, 'IReactorSSL', ['connectSSL'])
        return ssl.connectSSL(to.host, to.port, attempt, tls, {
          ...to.options(options),
          handshakeTimeout: this.#handshakeTimeout,
        })
      },
    )
  }

  /** The string that describes it, without keys and certificates that are no files. */
  toString(): string {
    const { hostText, port, nameFamily, fields } = this.#to
    const fromFiles = this.#tls instanceof TLSClientFiles
    const { servername, ALPNProtocols } = fromFiles ? this.#tls.options : this.#tls
    return endpointText(this.type, [hostText, port], {
      ...fields,
      family: nameFamily,
      ...(fromFiles ? this.#tls.fields(this.type) : undefined),
      [this.type === 'tls' ? 'servername' : 'hostname']: servername,
      alpn: ALPNProtocols?.join(','),
      handshakeTimeout: this.#handshakeTimeout,
    })
  }
}

/** The same, as the type `ssl` calls it. */
export class SSLClientEndpoint extends TLSClientEndpoint {
  protected override readonly type = 'ssl'
}

/**
 * Connects to an IPv4 address, or to a name over IPv4 only, and makes the connection private.
 *
 * @example
 * ```ts
 * const socket = await new SSL4ClientEndpoint('127.0.0.1', 4443, { ca, servername: 'feed.example' }).connect(duplexFactory())
 * ```
 */
export class SSL4ClientEndpoint extends SSLClientEndpoint {
  constructor(
    host: string,
    port: number,
    tls: TLSClientOptions | TLSClientFiles = {},
    options: Omit<TLSClientEndpointOptions, 'family'> = {},
  ) {
    super(host, port, tls, { ...options, family: 4 })
  }
}
