/**
 * Places to connect to by TCP.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `TCP4ClientEndpoint`, `TCP6ClientEndpoint`, `HostnameEndpoint`.
 * Differs: the reactor may be left out; it also finds a name's addresses and decides in which order they are tried.
 *
 * @module
 */
import { isIPv4, isIPv6 } from 'node:net'
import type {
  ConnectOptions,
  Duration,
  IProtocol,
  IProtocolFactory,
  IReactorTCP,
  IReactorTime,
  IStreamClientEndpoint,
  TCPConnectOptions,
} from '@sennit/interfaces'
import { ConnectingCancelledError, internetAddress } from '@sennit/protocol'
import { reactorWith } from '@sennit/reactor'
import { toSeconds, type Seconds } from '@sennit/runtime'
import { ConnectAttempt } from './connect-attempt.ts'
import { EndpointOptionError } from './errors.ts'
import { checkedHost, checkedPort } from './option-checks.ts'

/** Options of an endpoint that connects by TCP. */
export interface TCPClientEndpointOptions {
  /** How long an attempt may take, finding the addresses of a name included. @defaultValue '30s' */
  readonly timeout?: Duration | undefined
  /** The local address, or address and port. @defaultValue the system's choice */
  readonly bindAddress?: string | readonly [host: string, port: number] | undefined
  /** Finds a dead idle peer within so long. @defaultValue '15s' */
  readonly keepAlive?: Duration | false | undefined
  /** The reactor. @defaultValue the `context`'s, in the options of `connect`, else the global one */
  readonly reactor?: IReactorTime | undefined
}

/** Options of an endpoint that connects by TCP over either family. */
export interface HostnameEndpointOptions extends TCPClientEndpointOptions {
  /** Takes only the addresses of this family, when the host is a name. @defaultValue either */
  readonly family?: 4 | 6 | undefined
}

/**
 * Connects to a name or an IP address, over whichever family reaches it.
 *
 * @example
 * ```ts
 * const socket = await new HostnameEndpoint('carbon.example', 2003).connect(duplexFactory(), { timeout: '5s' })
 * ```
 */
export class HostnameEndpoint implements IStreamClientEndpoint {
  readonly host: string
  readonly port: number
  readonly #timeout: Seconds
  readonly #keepAlive: Duration | false | undefined
  readonly #bindAddress: TCPConnectOptions['bindAddress']
  readonly #family: 4 | 6 | undefined
  readonly #reactor: IReactorTime | undefined

  /**
   * @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`) when the host or the port is none
   * @throws DurationError (`ERR_SENNIT_DURATION`) when the timeout is none
   */
  constructor(host: string, port: number, options: HostnameEndpointOptions = {}) {
    const { timeout = 30, keepAlive, bindAddress, family, reactor } = options
    this.host = checkedHost(host)
    this.port = checkedPort(port)
    this.#timeout = toSeconds(timeout, 'timeout')
    this.#keepAlive = keepAlive
    this.#bindAddress = bindAddress
    this.#family = family
    this.#reactor = reactor
  }

  /**
   * Connects, and yields the protocol that the factory built, after its `makeConnection`.
   *
   * The factory is not told when the connection is lost; its protocol is. To keep a connection, use a `ClientService`.
   *
   * @param options - what they say stands above what the endpoint says
   * @throws ConnectError, as a rejection, or what else the reactor says
   * @throws ConnectingCancelledError, as a rejection, when the signal is aborted
   * @throws NoProtocolError, as a rejection, when the factory builds no protocol
   * @throws MissingRoleError (`ERR_SENNIT_MISSING_ROLE`), as a rejection, when the reactor has no TCP
   */
  connect<P extends IProtocol>(factory: IProtocolFactory<P>, options: ConnectOptions = {}): Promise<P> {
    return new Promise((resolve, reject) => {
      const { host, port } = this
      const { signal, context } = options
      if (signal?.aborted) {
        const address = internetAddress('TCP', host, port)
        throw new ConnectingCancelledError(address, { cause: signal.reason })
      }
      const attempt = new ConnectAttempt(factory, resolve, reject)
      const reactor = reactorWith<IReactorTCP>(this.#reactor ?? context?.reactor, 'IReactorTCP', [
        'connectTCP',
      ])
      const connector = reactor.connectTCP(host, port, attempt, {
        timeout: options.timeout ?? this.#timeout,
        keepAlive: options.keepAlive ?? this.#keepAlive,
        bindAddress: this.#bindAddress,
        family: this.#family,
        context,
      })
      attempt.begun(connector, signal)
    })
  }

  toString(): string {
    return `tcp:${isIPv6(this.host) ? `[${this.host}]` : this.host}:${this.port}`
  }
}

/**
 * Connects to an IPv4 address, or to a name over IPv4 only.
 *
 * @example
 * ```ts
 * const socket = await new TCP4ClientEndpoint('127.0.0.1', 2003).connect(duplexFactory())
 * ```
 */
export class TCP4ClientEndpoint extends HostnameEndpoint {
  constructor(host: string, port: number, options: TCPClientEndpointOptions = {}) {
    super(host, port, { ...options, family: 4 })
  }
}

/**
 * Connects to an IPv6 address, or to a name over IPv6 only.
 *
 * @example
 * ```ts
 * const socket = await new TCP6ClientEndpoint('::1', 2003).connect(duplexFactory())
 * ```
 */
export class TCP6ClientEndpoint extends HostnameEndpoint {
  constructor(host: string, port: number, options: TCPClientEndpointOptions = {}) {
    if (isIPv4(host)) throw new EndpointOptionError('host', 'a host name or an IPv6 address', host)
    super(host, port, { ...options, family: 6 })
  }

  override toString(): string {
    return super.toString().replace(/^tcp:/, 'tcp6:')
  }
}
