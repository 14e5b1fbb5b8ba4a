/**
 * Places to connect to by TCP.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `TCP4ClientEndpoint`, `TCP6ClientEndpoint`, `HostnameEndpoint`.
 * Differs: the reactor may be left out; it also finds a name's addresses, and tries them as RFC 8305 says; the timeout is for
 * the whole attempt.
 *
 * @module
 */
import { isIP, isIPv4 } from 'node:net'
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
import { internetAddress } from '@sennit/protocol'
import { reactorWith } from '@sennit/reactor'
import { toSeconds, type Seconds } from '@sennit/runtime'
import { type Cancellation, setCancellable } from '@sennit/runtime/internal'
import { asciiHost } from './ascii-host.ts'
import { connectBy } from './connect-attempt.ts'
import { endpointText, type FieldValue } from './endpoint-text.ts'
import { EndpointOptionError } from './errors.ts'
import { checkedHost, checkedPort } from './option-checks.ts'

/** How long an attempt may take unless it is told otherwise. */
const TIMEOUT: Seconds = 30

const CONNECT_TCP = ['connectTCP'] as const

/** Options of an endpoint that connects by TCP. */
export interface TCPClientEndpointOptions {
  /** How long an attempt may take, finding the addresses of a name included. @defaultValue '30s' */
  readonly timeout?: Duration | undefined
  /** The local address, or address and port. @defaultValue the system's choice */
  readonly bindAddress?: string | readonly [host: string, port: number] | undefined
  /** The time between two attempts that are on their way together, when a name has several addresses. @defaultValue '250ms' */
  readonly attemptDelay?: Duration | undefined
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

/** Where to connect to, and how: what all endpoints that connect by TCP are given. */
export class TCPDestination {
  /** In the form in which it is looked up; as it was given when it can be no name. */
  readonly host: string
  readonly port: number
  readonly reactor: IReactorTime | undefined
  readonly #isHost: boolean
  readonly #options: Omit<HostnameEndpointOptions, 'timeout' | 'attemptDelay' | 'reactor'>
  readonly #timeout: Seconds
  readonly #attemptDelay: Seconds | undefined

  /**
   * @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`) when the host is no text, or the port none
   * @throws DurationError (`ERR_SENNIT_DURATION`) when the timeout is none
   */
  constructor(host: string, port: number, options: HostnameEndpointOptions) {
    const { timeout = TIMEOUT, attemptDelay, reactor, ...others } = options
    const ascii = asciiHost(checkedHost(host))
    this.host = ascii ?? host
    this.port = checkedPort(port)
    this.reactor = reactor
    this.#isHost = ascii !== undefined
    this.#options = others
    this.#timeout = toSeconds(timeout, 'timeout')
    this.#attemptDelay = attemptDelay === undefined ? undefined : toSeconds(attemptDelay, 'attemptDelay')
  }

  /** @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`) when the host can be no name */
  assertHost(): void {
    if (!this.#isHost) throw new EndpointOptionError('host', 'a host name or an IP address', this.host)
  }

  /** What the reactor is told. */
  options({ timeout, keepAlive, context }: ConnectOptions): TCPConnectOptions {
    const { bindAddress, family } = this.#options
    return {
      timeout: timeout ?? this.#timeout,
      keepAlive: keepAlive ?? this.#options.keepAlive,
      bindAddress,
      family,
      attemptDelay: this.#attemptDelay,
      context,
    }
  }

  address(): ReturnType<typeof internetAddress> {
    return internetAddress('TCP', this.host, this.port)
  }

  /** The one family over which it is reached, when that is not to be seen from the host. */
  get nameFamily(): 4 | 6 | undefined {
    return isIP(this.host) === 0 ? this.#options.family : undefined
  }

  /** The host, with what can be no part of a name made visible. */
  get hostText(): string {
    const escape = (character: string) => `\\u{${character.codePointAt(0)!.toString(16)}}`
    return this.#isHost ? this.host : this.host.replace(/[^\x21-\x7e]/gu, escape)
  }

  /** The options that are not as they would be, as fields. */
  get fields(): Record<string, FieldValue> {
    const { bindAddress, keepAlive } = this.#options
    const [local, bindPort] = typeof bindAddress === 'string' ? [bindAddress] : (bindAddress ?? [])
    return {
      timeout: this.#timeout === TIMEOUT ? undefined : this.#timeout,
      bindAddress: local,
      bindPort: bindPort || undefined,
      attemptDelay: this.#attemptDelay,
      keepAlive: keepAlive === false ? 'false' : keepAlive,
    }
  }
}

/**
 * Connects to a name or an IP address, over whichever family reaches it.
 *
 * A name with letters beyond ASCII is looked up in its IDNA form.
 *
 * @example
 * ```ts
 * const socket = await new HostnameEndpoint('carbon.example', 2003).connect(duplexFactory(), { timeout: '5s' })
 * ```
 */
export class HostnameEndpoint implements IStreamClientEndpoint {
  readonly #to: TCPDestination
  /** Made once: a client that keeps a connection up says it with each failure. */
  #text: string | undefined

  /**
   * A host that can be no name is an error of `connect`.
   *
   * @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`) when the host is no text, or the port none
   * @throws DurationError (`ERR_SENNIT_DURATION`) when the timeout is none
   */
  constructor(host: string, port: number, options: HostnameEndpointOptions = {}) {
    this.#to = new TCPDestination(host, port, options)
  }

  /** The name, in the form in which it is looked up, or the IP address. */
  get host(): string {
    return this.#to.host
  }

  get port(): number {
    return this.#to.port
  }

  /**
   * Connects, and yields the protocol that the factory built, after its `makeConnection`.
   *
   * The factory is not told when the connection is lost; its protocol is. To keep a connection, use a `ClientService`.
   *
   * @param options - what they say stands above what the endpoint says
   * @throws ConnectError, as a rejection, or what else the reactor says
   * @throws ConnectingCancelledError, as a rejection, when the signal is aborted
   * @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`), as a rejection, when the host can be no name
   * @throws NoProtocolError, as a rejection, when the factory builds no protocol
   * @throws MissingRoleError (`ERR_SENNIT_MISSING_ROLE`), as a rejection, when the reactor has no TCP
   */
  connect<P extends IProtocol>(factory: IProtocolFactory<P>, options: ConnectOptions = {}): Promise<P> {
    return this.#connect(factory, options)
  }

  #connect<P extends IProtocol>(
    factory: IProtocolFactory<P>,
    options: ConnectOptions,
    cancellation?: Cancellation,
  ): Promise<P> {
    const to = this.#to
    return connectBy(
      factory,
      options.signal,
      () => to.address(),
      (attempt) => {
        to.assertHost()
        const reactor = to.reactor ?? options.context?.reactor
        const tcp = reactorWith<IReactorTCP>(reactor, 'IReactorTCP', CONNECT_TCP)
        return tcp.connectTCP(to.host, to.port, attempt, to.options(options))
      },
      cancellation,
    )
  }

  static {
    setCancellable(this.prototype.connect, (endpoint, factory, options, cancellation) =>
      (endpoint as HostnameEndpoint).#connect(factory, options, cancellation),
    )
  }

  /** The string that describes it. */
  toString(): string {
    return (this.#text ??= textOf(this.#to))
  }
}

function textOf({ hostText, port, nameFamily, fields }: TCPDestination): string {
  return endpointText(`tcp${nameFamily ?? ''}`, [hostText, port], fields)
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
}
