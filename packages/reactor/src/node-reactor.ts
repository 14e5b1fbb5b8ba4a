/**
 * The reactor on Node: time, TCP and UDP.
 *
 * Source: Twisted, `twisted/internet/posixbase.py`, `PosixReactorBase`; `twisted/internet/base.py`, `ReactorBase`.
 * Differs: Node's event loop is there already, so that nothing is run or stopped; listening is asynchronous.
 *
 * @module
 */
import type {
  ConnectionHandler,
  Description,
  IClientFactory,
  IDatagramProtocol,
  IDelayedCall,
  IInspectable,
  IListeningPort,
  ILog,
  IReactorTCP,
  IReactorTime,
  IReactorUDP,
  IServiceContext,
  Seconds,
  TCPConnectOptions,
  TCPListenOptions,
  UDPListenOptions,
} from '@sennit/interfaces'
import { ServiceNameUnknownError } from '@sennit/protocol'
import { defaultLog, systemClock, toSeconds } from '@sennit/runtime'
import { SystemClock } from '@sennit/runtime/internal'
import { keepAliveDelay } from './keep-alive.ts'
import { checkedAddress, checkedHost, checkedPort } from './option-checks.ts'
import type { PortSurroundings } from './port-surroundings.ts'
import { TCPConnector } from './tcp-connector.ts'
import { openTCPPort } from './tcp-port.ts'
import { openUDPPort } from './udp-port.ts'

/** Options of a `NodeReactor`. */
export interface NodeReactorOptions {
  /** @defaultValue real time */
  readonly clock?: IReactorTime | undefined
  /** Told what goes wrong in the background, unless a `context` says otherwise. @defaultValue stderr */
  readonly log?: ILog | undefined
}

/**
 * Real time and real sockets.
 *
 * @example
 * ```ts
 * const reactor = new NodeReactor()
 * const port = await reactor.listenTCP(0, handler(async (socket) => void socket.end('hello')))
 * console.log(port.getHost().toString())
 * await port.stopListening()
 * ```
 */
export class NodeReactor implements IReactorTime, IReactorTCP, IReactorUDP, IInspectable {
  readonly #clock: IReactorTime
  readonly #log: ILog
  readonly #ports = new Set<IInspectable>()

  constructor({ clock, log }: NodeReactorOptions = {}) {
    this.#clock = clock ?? (log === undefined ? systemClock : new SystemClock(log))
    this.#log = log ?? defaultLog
  }

  seconds(): Seconds {
    return this.#clock.seconds()
  }

  callLater<A extends readonly unknown[]>(delay: Seconds, f: (...args: A) => void, ...args: A): IDelayedCall {
    return this.#clock.callLater(delay, f, ...args)
  }

  getDelayedCalls(): readonly IDelayedCall[] {
    return this.#clock.getDelayedCalls()
  }

  /**
   * Listens on a port; 0 picks a free one. It listens on one family only: all of IPv6 is `interface: '::'`.
   *
   * @param port - 0 to 65535
   * @param handler - a protocol factory, a stream handler, or an existing server
   * @throws CannotListenError, as a rejection, with Node's `code`
   * @throws HandlerError (`ERR_SENNIT_HANDLER`), as a rejection, when the handler is none
   * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`), as a rejection
   */
  listenTCP(
    port: number,
    handler: ConnectionHandler,
    options: TCPListenOptions = {},
  ): Promise<IListeningPort> {
    return this.#opened(openTCPPort(port, handler, options, this.#surroundings(options.context)))
  }

  /**
   * Begins to connect, and returns at once; the factory is told the rest.
   *
   * Of a name, all addresses are tried, each a quarter of a second after the one before, or when that fails. The errors are
   * those of `@sennit/protocol`: a `ConnectError`, or a `ConnectingCancelledError` when the signal is aborted.
   *
   * @param host - a name or an IP literal
   * @param port - 0 to 65535
   * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`)
   * @throws ServiceNameUnknownError (`ERR_SENNIT_SERVICE_NAME`) when the port is a name: names of services are not looked up
   */
  connectTCP(
    host: string,
    port: number,
    factory: IClientFactory,
    options: TCPConnectOptions = {},
  ): TCPConnector {
    const { timeout = 30, keepAlive = '15s', bindAddress, family, signal, context } = options
    if (typeof port === 'string') throw new ServiceNameUnknownError(port)
    const [localAddress, localPort = 0] =
      typeof bindAddress === 'string' ? [bindAddress] : (bindAddress ?? [])
    if (localAddress !== undefined) checkedAddress('connect', localAddress, 'bindAddress')
    const connector = new TCPConnector(factory, {
      host: checkedHost('connect', host),
      port: checkedPort('connect', port),
      family,
      localAddress,
      localPort: checkedPort('connect', localPort, 'bindAddress'),
      keepAliveDelay: keepAliveDelay(keepAlive),
      timeout: toSeconds(timeout, 'timeout'),
      signal,
      clock: context?.clock ?? this,
      log: context?.log ?? this.#log,
    })
    connector.connect()
    return connector
  }

  /**
   * Receives datagrams on a port; 0 picks a free one.
   *
   * @param port - 0 to 65535
   * @throws CannotListenError, as a rejection, with Node's `code`
   * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`), as a rejection
   */
  listenUDP(
    port: number,
    protocol: IDatagramProtocol,
    options: UDPListenOptions = {},
  ): Promise<IListeningPort> {
    return this.#opened(openUDPPort(port, protocol, options, this.#surroundings(options.context)))
  }

  /** Says which ports are open. */
  describe(): Description {
    return {
      kind: 'NodeReactor',
      name: undefined,
      state: 'running',
      since: undefined,
      error: undefined,
      facts: { delayedCalls: this.getDelayedCalls().length },
      children: Array.from(this.#ports, (port) => port.describe()),
    }
  }

  async #opened<P extends IListeningPort & IInspectable>(opening: Promise<P>): Promise<P> {
    const port = await opening
    this.#ports.add(port)
    return port
  }

  #surroundings(context: Partial<IServiceContext> | undefined): PortSurroundings {
    return {
      clock: context?.clock ?? this,
      log: context?.log ?? this.#log,
      closed: (port) => this.#ports.delete(port),
    }
  }
}
