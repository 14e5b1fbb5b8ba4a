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
  Duration,
  IClientFactory,
  IConnectedDatagramProtocol,
  IDatagramConnector,
  IDatagramProtocol,
  IDelayedCall,
  IHostnameResolver,
  IInheritedSockets,
  InheritedSocket,
  IInspectable,
  IListeningPort,
  ILog,
  IMulticastScope,
  IMulticastTransport,
  IPathAddress,
  IProtocol,
  IProtocolFactory,
  IReactorCore,
  IReactorFiles,
  IReactorMulticast,
  IReactorPluggableNameResolver,
  IReactorResolve,
  IReactorSocket,
  IReactorSSL,
  IReactorTCP,
  IReactorTime,
  IReactorUDP,
  IReactorUNIX,
  IReactorUNIXDatagram,
  IServiceContext,
  IStreamTransport,
  ISystemEvents,
  IUNIXDatagramTransport,
  MulticastListenOptions,
  Seconds,
  SocketFamily,
  SSLConnectOptions,
  SSLListenOptions,
  StreamListenOptions,
  SystemEventPhase,
  SystemEventTrigger,
  TCPConnectOptions,
  TCPListenOptions,
  TLSClientOptions,
  TLSServerOptions,
  UDPListenOptions,
  UNIXConnectOptions,
  UNIXDatagramConnectOptions,
  UNIXDatagramListenOptions,
  UNIXListenOptions,
  WatchFileOptions,
} from '@sennit/interfaces'
import { CannotListenError, ConnectionLost, type InternetAddress, type UNIXAddress } from '@sennit/protocol'
import { firstAddress, type ReactorCore } from '@sennit/protocol/internal'
import { defaultLog, systemClock, toSeconds } from '@sennit/runtime'
import { Seats, SystemClock } from '@sennit/runtime/internal'
import { AdoptedConnections } from './adopted-connection.ts'
import { adoptStreamPort } from './adopted-port.ts'
import { adoptUDPPort } from './datagram-adoption.ts'
import { readDirectory, readFile, watchFile } from './files.ts'
import { inheritedSockets } from './inherited-sockets.ts'
import { openMulticastPort } from './multicast-port.ts'
import { NameResolver } from './name-resolver.ts'
import type { PortSurroundings } from './port-surroundings.ts'
import { nodeReactorCore, type Remaining } from './reactor-core.ts'
import { sslConnector } from './ssl-connector.ts'
import { openSSLPort, type SSLPort } from './ssl-port.ts'
import type { ConnectorSurroundings, StreamConnector } from './stream-connector.ts'
import { tcpConnector } from './tcp-connector.ts'
import { openTCPPort } from './tcp-port.ts'
import { openUDPPort } from './udp-port.ts'
import { unixConnector } from './unix-connector.ts'
import { unixDatagramClient } from './unix-datagram-client.ts'
import { openUNIXDatagramPort } from './unix-datagram-port.ts'
import { openUNIXPort } from './unix-port.ts'

/** Options of a `NodeReactor`. */
export interface NodeReactorOptions {
  /** @defaultValue real time */
  readonly clock?: IReactorTime | undefined
  /** Told what goes wrong in the background, unless a `context` says otherwise. @defaultValue stderr */
  readonly log?: ILog | undefined
  /** How long a shutdown waits for the promises of its triggers of `'before'`. @defaultValue '8s' */
  readonly shutdownTimeout?: Duration | undefined
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
export class NodeReactor
  implements
    IReactorTime,
    IReactorTCP,
    IReactorSSL,
    IReactorUDP,
    IReactorMulticast,
    IReactorUNIX,
    IReactorUNIXDatagram,
    IReactorFiles,
    IReactorCore,
    ISystemEvents,
    IReactorSocket,
    IInheritedSockets,
    IReactorPluggableNameResolver,
    IReactorResolve,
    IInspectable
{
  readonly #clock: IReactorTime
  readonly #log: ILog
  readonly #core: ReactorCore
  readonly #ports = new Set<IInspectable & Remaining>()
  readonly #connectors = new Seats<StreamConnector>()
  /** Most connectors of a process have the same. */
  #lastConnecting: ConnectorSurroundings | undefined
  readonly #adopted: AdoptedConnections
  #nameResolver: IHostnameResolver
  /** How many shutdowns have closed what was open. */
  #closings = 0

  constructor({ clock, log, shutdownTimeout = 8 }: NodeReactorOptions = {}) {
    this.#clock = clock ?? (log === undefined ? systemClock : new SystemClock(log))
    this.#log = log ?? defaultLog
    this.#core = nodeReactorCore({
      clock: this.#clock,
      log: this.#log,
      shutdownTimeout: toSeconds(shutdownTimeout, 'shutdownTimeout'),
      remaining: () => {
        this.#closings++
        return [...this.#ports, ...this.#connectors.present(), this.#adopted]
      },
    })
    this.#nameResolver = new NameResolver(this.#log)
    this.#adopted = new AdoptedConnections(this, this.#log)
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
  ): StreamConnector<InternetAddress> {
    const connector = tcpConnector(host, port, factory, options, this.#connecting(options.context))
    connector.connect()
    return connector
  }

  /**
   * Listens on a port for connections that speak TLS; each is served once its handshake is done.
   *
   * @param port - 0 to 65535
   * @param tls - the certificate and its key, and what else there is to say; `setTLSOptions` of the port exchanges them
   * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`), as a rejection, when they cannot work
   * @throws CannotListenError, HandlerError, ReactorOptionError, as rejections, as `listenTCP` does
   */
  listenSSL(
    port: number,
    handler: ConnectionHandler,
    tls: TLSServerOptions,
    options: SSLListenOptions = {},
  ): Promise<SSLPort> {
    return this.#opened(openSSLPort(port, handler, tls, options, this.#surroundings(options.context)))
  }

  /**
   * Begins to connect, and to speak TLS. A handshake that fails is a failed attempt, with an `SSLError`: the certificate of the
   * other side must be trusted, and for the host, unless `tls` says otherwise.
   *
   * With TLS 1.3, a server refuses a client's certificate only after the client's handshake: that is a loss, not a failed attempt.
   *
   * @param host - a name or an IP literal
   * @param port - 0 to 65535
   * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`)
   * @throws ReactorOptionError, ServiceNameUnknownError, as `connectTCP` does
   */
  connectSSL(
    host: string,
    port: number,
    factory: IClientFactory,
    tls: TLSClientOptions = {},
    options: SSLConnectOptions = {},
  ): StreamConnector<InternetAddress> {
    const connector = sslConnector(host, port, factory, tls, options, this.#connecting(options.context))
    connector.connect()
    return connector
  }

  /**
   * Listens at a path. The file of a socket at which nobody listens any more is taken over; only our own is removed at the end.
   *
   * @param path - of at most 107 bytes
   * @throws CannotListenError, as a rejection: with `EADDRINUSE` when somebody listens there, or the file is no socket; with
   *   `EEXIST` when the lock is held
   * @throws HandlerError (`ERR_SENNIT_HANDLER`), ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`), as a rejection
   */
  listenUNIX(
    path: string,
    handler: ConnectionHandler,
    options: UNIXListenOptions = {},
  ): Promise<IListeningPort> {
    return this.#opened(openUNIXPort(path, handler, options, this.#surroundings(options.context)))
  }

  /**
   * Begins to connect to a path, and returns at once; the factory is told the rest.
   *
   * @param path - of at most 107 bytes
   * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`)
   */
  connectUNIX(
    path: string,
    factory: IClientFactory,
    options: UNIXConnectOptions = {},
  ): StreamConnector<UNIXAddress> {
    const connector = unixConnector(path, factory, options, this.#connecting(options.context))
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

  /**
   * Serves a stream socket that listens already. Its descriptor is the reactor's from then on, unless it is refused, and is closed
   * when the port stops, or its factory cannot start; other processes that have it go on listening.
   *
   * @throws UnsupportedAddressFamily (`ERR_SENNIT_ADDRESS_FAMILY`), UnsupportedSocketType (`ERR_SENNIT_SOCKET_TYPE`),
   *   CannotListenError, as a rejection
   * @throws HandlerError (`ERR_SENNIT_HANDLER`), ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`), as a rejection
   */
  adoptStreamPort(
    fd: number,
    family: SocketFamily,
    handler: ConnectionHandler,
    options: StreamListenOptions = {},
  ): Promise<IListeningPort> {
    return this.#opened(adoptStreamPort(fd, family, handler, options, this.#surroundings(options.context)))
  }

  /**
   * Serves a stream socket that is connected. Its descriptor is the reactor's from then on, unless it throws.
   *
   * @returns nothing when the factory builds no protocol; the connection is closed then
   * @throws UnsupportedAddressFamily (`ERR_SENNIT_ADDRESS_FAMILY`), UnsupportedSocketType (`ERR_SENNIT_SOCKET_TYPE`),
   *   ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`)
   */
  adoptStreamConnection(
    fd: number,
    family: SocketFamily,
    factory: IProtocolFactory<IProtocol>,
  ): IStreamTransport | undefined {
    return this.#adopted.adopt(fd, family, factory)
  }

  /** The sockets that a service manager has opened for this process. */
  inheritedSockets(): readonly InheritedSocket[] {
    return inheritedSockets()
  }

  /** Finds the addresses of names, for this reactor's connections too. */
  get nameResolver(): IHostnameResolver {
    return this.#nameResolver
  }

  /** @returns the one before */
  installNameResolver(resolver: IHostnameResolver): IHostnameResolver {
    const before = this.#nameResolver
    this.#nameResolver = resolver
    return before
  }

  /**
   * The first IPv4 address of a name; `0.0.0.0` for the empty name, a literal for itself.
   *
   * @throws DNSLookupError, as a rejection
   * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`), as a rejection
   */
  resolve(name: string): Promise<string> {
    return firstAddress(this.#nameResolver, name)
  }

  /**
   * Receives datagrams on a port; the protocol's transport can join groups.
   *
   * @param port - 0 to 65535
   * @throws CannotListenError, as a rejection, with Node's `code`
   * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`), as a rejection
   */
  listenMulticast(
    port: number,
    protocol: IDatagramProtocol<IMulticastTransport & IMulticastScope>,
    options: MulticastListenOptions = {},
  ): Promise<IListeningPort> {
    return this.#opened(openMulticastPort(port, protocol, options, this.#surroundings(options.context)))
  }

  /**
   * Receives the datagrams of a UDP socket that is bound, by its descriptor.
   *
   * @param fd - the reactor's from here on, unless it is refused; closed when its protocol cannot start
   * @throws UnsupportedAddressFamily (`ERR_SENNIT_ADDRESS_FAMILY`), as a rejection, when it is of another family
   * @throws UnsupportedSocketType (`ERR_SENNIT_SOCKET_TYPE`), as a rejection, when it is no UDP socket
   * @throws CannotListenError, as a rejection, with Node's `code`
   * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`), as a rejection, when it is no open socket, or not bound
   */
  adoptDatagramPort(
    fd: number,
    family: SocketFamily,
    protocol: IDatagramProtocol,
    options: Omit<UDPListenOptions, 'interface'> = {},
  ): Promise<IListeningPort> {
    return this.#opened(adoptUDPPort(fd, family, protocol, options, this.#surroundings(options.context)))
  }

  /**
   * Receives datagrams at a path. This needs the package `node-unix-socket`.
   *
   * @param path - at most 107 bytes
   * @throws CannotListenError, as a rejection, with Node's `code`
   * @throws MissingPeerError (`ERR_SENNIT_MISSING_PEER`), as a rejection, when the package cannot be loaded
   * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`), as a rejection
   */
  listenUNIXDatagram(
    path: string,
    protocol: IDatagramProtocol<IUNIXDatagramTransport, IPathAddress>,
    options: UNIXDatagramListenOptions = {},
  ): Promise<IListeningPort> {
    return this.#opened(openUNIXDatagramPort(path, protocol, options, this.#surroundings(options.context)))
  }

  /**
   * Sends to a path, and hears its answers; returns at once. What goes wrong is told to the protocol, by `connectionFailed`: also that
   * the package `node-unix-socket`, which this needs, cannot be loaded.
   *
   * @param path - at most 107 bytes
   * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`)
   */
  connectUNIXDatagram(
    path: string,
    protocol: IConnectedDatagramProtocol,
    options: UNIXDatagramConnectOptions = {},
  ): IDatagramConnector {
    const client = unixDatagramClient(path, protocol, options, this.#surroundings(options.context))
    this.#ports.add(client)
    client.connect()
    return client
  }

  /** The whole of a file. What goes wrong is a rejection, with Node's `code`. */
  readFile(path: string): Promise<Uint8Array> {
    return readFile(path)
  }

  /** The names in a folder, sorted. What goes wrong is a rejection, with Node's `code`. */
  readDirectory(path: string): Promise<readonly string[]> {
    return readDirectory(path)
  }

  /**
   * Calls `changed` when a file is another one than before, or what its symbolic links lead to is, and when it has come or gone.
   *
   * It is looked at every few seconds, and does not keep the process alive.
   *
   * @returns ends it
   * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) when the interval is 0
   */
  watchFile(path: string, changed: () => void, options: WatchFileOptions = {}): () => void {
    return watchFile(path, changed, options, { clock: this.#clock, log: this.#log })
  }

  /** From during the startup until during the shutdown. */
  get running(): boolean {
    return this.#core.running
  }

  /**
   * Fires `'startup'`, keeps the process alive, and settles after `'shutdown'`, when all ports and connections are closed.
   *
   * @throws ReactorAlreadyRunning (`ERR_SENNIT_REACTOR_ALREADY_RUNNING`), as a rejection
   * @throws ReactorNotRestartable (`ERR_SENNIT_REACTOR_NOT_RESTARTABLE`), as a rejection, after a stop
   */
  run(): Promise<void> {
    return this.#core.run()
  }

  /**
   * Ends `run` at the end of this turn of the loop: fires `'shutdown'`, and closes the ports and connections that are left.
   *
   * @throws ReactorNotRunning (`ERR_SENNIT_REACTOR_NOT_RUNNING`)
   */
  stop(): void {
    this.#core.stop()
  }

  /** Ends `run` at once; nothing is fired, and nothing closed. */
  crash(): void {
    this.#core.crash()
  }

  /**
   * Calls `f(...args)` when the reactor runs: at once, or after its startup.
   *
   * @returns what takes it back, unless it was called at once
   * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) when `f` is no function
   */
  callWhenRunning<A extends readonly unknown[]>(
    f: (...args: A) => unknown,
    ...args: A
  ): SystemEventTrigger | undefined {
    return this.#core.callWhenRunning(f, ...args)
  }

  /**
   * Calls `f(...args)` once, when something happens. What it throws or rejects with is logged.
   *
   * @param phase - promises of `'before'` are awaited together before the next phase begins
   * @param event - `'startup'`, `'shutdown'`, or a word of your own
   * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) when the phase is none, or `f` no function
   */
  addSystemEventTrigger<A extends readonly unknown[]>(
    phase: SystemEventPhase,
    event: string,
    f: (...args: A) => unknown,
    ...args: A
  ): SystemEventTrigger {
    return this.#core.addSystemEventTrigger(phase, event, f, ...args)
  }

  /** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) when it was not added here, or is removed already */
  removeSystemEventTrigger(trigger: SystemEventTrigger): void {
    this.#core.removeSystemEventTrigger(trigger)
  }

  /** Calls what was added for an event, phase by phase. */
  fireSystemEvent(event: string): void {
    this.#core.fireSystemEvent(event)
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

  async #opened<P extends IListeningPort & IInspectable & Remaining>(opening: Promise<P>): Promise<P> {
    const closings = this.#closings
    const port = await opening
    if (this.#closings !== closings) {
      await port.shutDown(new ConnectionLost('the reactor was stopped'))
      throw new CannotListenError('', port.getHost().toString(), cancelled())
    }
    this.#ports.add(port)
    return port
  }

  #connecting(context: Partial<IServiceContext> | undefined): ConnectorSurroundings {
    const clock = context?.clock ?? this
    const log = context?.log ?? this.#log
    const last = this.#lastConnecting
    if (last?.clock === clock && last.log === log) return last
    return (this.#lastConnecting = { clock, log, names: this, connectors: this.#connectors })
  }

  #surroundings(context: Partial<IServiceContext> | undefined): PortSurroundings {
    return {
      clock: context?.clock ?? this,
      log: context?.log ?? this.#log,
      closed: (port) => this.#ports.delete(port),
    }
  }
}

/** A shutdown has come in between. */
function cancelled(): Error {
  return Object.assign(new Error('the reactor was stopped meanwhile'), { code: 'ECANCELED' })
}
