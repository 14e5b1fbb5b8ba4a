/**
 * A reactor that records what it is asked for and does nothing.
 *
 * Source: Twisted, `twisted/internet/testing.py`, `MemoryReactor`.
 * Differs: calls are recorded as objects; its connectors tell their factories; datagrams, names and events work.
 *
 * @module
 */
import type {
  ConnectionHandler,
  IAddress,
  IClientFactory,
  IConnectedDatagramProtocol,
  IDatagramProtocol,
  IHostnameResolver,
  IListeningPort,
  ILog,
  IMulticastScope,
  IMulticastTransport,
  IPathAddress,
  IProtocol,
  IProtocolFactory,
  IReactorMulticast,
  IReactorPluggableNameResolver,
  IReactorResolve,
  IReactorSocket,
  IReactorSSL,
  IReactorTCP,
  IReactorUDP,
  IReactorUNIX,
  IReactorUNIXDatagram,
  ISystemEvents,
  IStreamTransport,
  IUNIXDatagramTransport,
  MulticastListenOptions,
  SocketFamily,
  SSLConnectOptions,
  SSLListenOptions,
  StreamListenOptions,
  TCPConnectOptions,
  TCPListenOptions,
  TLSClientOptions,
  TLSServerOptions,
  UDPListenOptions,
  UNIXConnectOptions,
  UNIXDatagramConnectOptions,
  UNIXDatagramListenOptions,
  UNIXListenOptions,
} from '@sennit/interfaces'
import { type InternetType, internetAddress, UNIXAddress } from '@sennit/protocol'
import { defaultLog } from '@sennit/runtime'
import { MemoryReactorLife } from './memory-reactor-life.ts'
import type {
  AdoptedConnectionRecord,
  AdoptedPortRecord,
  MulticastServerRecord,
  SSLClientRecord,
  SSLServerRecord,
  TCPClientRecord,
  TCPServerRecord,
  UDPServerRecord,
  UNIXClientRecord,
  UNIXDatagramClientRecord,
  UNIXDatagramServerRecord,
  UNIXServerRecord,
} from './reactor-records.ts'
import { RecordedConnector } from './recorded-connector.ts'
import { RecordedDatagramConnector } from './recorded-datagram-connector.ts'
import { RecordedNames } from './recorded-names.ts'
import { RecordedPort } from './recorded-port.ts'
import { RecordedSSLPort } from './recorded-ssl-port.ts'
import { StringTransport } from './string-transport.ts'

/** Options of `MemoryReactor`. */
export interface MemoryReactorOptions {
  /** Where errors of factories go. @defaultValue the default log */
  readonly log?: ILog | undefined
}

/**
 * Records calls. Ports say that they listen where they were told to; nothing is bound, and no protocol of datagrams is connected.
 *
 * @example
 * ```ts
 * const reactor = new MemoryReactor()
 * const connector = reactor.connectTCP('example.org', 80, factory)
 * assert.equal(reactor.tcpClients[0]?.host, 'example.org')
 * connector.succeed()                      // the factory builds its protocol, on a StringTransport
 * ```
 */
export class MemoryReactor
  extends MemoryReactorLife
  implements
    IReactorTCP,
    IReactorSSL,
    IReactorUNIX,
    IReactorUDP,
    IReactorMulticast,
    IReactorUNIXDatagram,
    IReactorSocket,
    IReactorPluggableNameResolver,
    IReactorResolve,
    ISystemEvents
{
  readonly tcpServers: TCPServerRecord[] = []
  readonly tcpClients: TCPClientRecord[] = []
  readonly sslServers: SSLServerRecord[] = []
  readonly sslClients: SSLClientRecord[] = []
  readonly unixServers: UNIXServerRecord[] = []
  readonly unixClients: UNIXClientRecord[] = []
  readonly udpServers: UDPServerRecord[] = []
  readonly multicastServers: MulticastServerRecord[] = []
  readonly unixDatagramServers: UNIXDatagramServerRecord[] = []
  readonly unixDatagramClients: UNIXDatagramClientRecord[] = []
  readonly adoptedPorts: AdoptedPortRecord[] = []
  readonly adoptedStreamConnections: AdoptedConnectionRecord[] = []
  /** The connectors of all clients of streams, in the order in which they were asked for. */
  readonly connectors: RecordedConnector[] = []
  /** What its first name resolver knows. */
  readonly names: RecordedNames = new RecordedNames()
  readonly #log: ILog
  #nameResolver: IHostnameResolver = this.names

  constructor({ log = defaultLog }: MemoryReactorOptions = {}) {
    super()
    this.#log = log
  }

  listenTCP(
    port: number,
    handler: ConnectionHandler,
    options: TCPListenOptions = {},
  ): Promise<IListeningPort> {
    const listeningPort = new RecordedPort(place('TCP', port, options.interface))
    this.tcpServers.push({ port, handler, options, listeningPort })
    return Promise.resolve(listeningPort)
  }

  /** Records, and tells the factory that it starts and connects. */
  connectTCP(
    host: string,
    port: number,
    factory: IClientFactory,
    options: TCPConnectOptions = {},
  ): RecordedConnector {
    const connector = this.#connector(internetAddress('TCP', host, port), factory)
    this.tcpClients.push({ host, port, factory, options, connector })
    return begun(connector)
  }

  listenSSL(
    port: number,
    handler: ConnectionHandler,
    tls: TLSServerOptions,
    options: SSLListenOptions = {},
  ): Promise<IListeningPort> {
    const listeningPort = new RecordedSSLPort(place('TCP', port, options.interface), tls)
    this.sslServers.push({ port, handler, tls, options, listeningPort })
    return Promise.resolve(listeningPort)
  }

  /** Records, and tells the factory that it starts and connects. */
  connectSSL(
    host: string,
    port: number,
    factory: IClientFactory,
    tls: TLSClientOptions,
    options: SSLConnectOptions = {},
  ): RecordedConnector {
    const connector = this.#connector(internetAddress('TCP', host, port), factory)
    this.sslClients.push({ host, port, factory, tls, options, connector })
    return begun(connector)
  }

  listenUNIX(
    path: string,
    handler: ConnectionHandler,
    options: UNIXListenOptions = {},
  ): Promise<IListeningPort> {
    const listeningPort = new RecordedPort(new UNIXAddress(path))
    this.unixServers.push({ path, handler, options, listeningPort })
    return Promise.resolve(listeningPort)
  }

  /** Records, and tells the factory that it starts and connects. */
  connectUNIX(path: string, factory: IClientFactory, options: UNIXConnectOptions = {}): RecordedConnector {
    const connector = this.#connector(new UNIXAddress(path), factory)
    this.unixClients.push({ path, factory, options, connector })
    return begun(connector)
  }

  listenUDP(
    port: number,
    protocol: IDatagramProtocol,
    options: UDPListenOptions = {},
  ): Promise<IListeningPort> {
    const listeningPort = new RecordedPort(place('UDP', port, options.interface))
    this.udpServers.push({ port, protocol, options, listeningPort })
    return Promise.resolve(listeningPort)
  }

  listenMulticast(
    port: number,
    protocol: IDatagramProtocol<IMulticastTransport & IMulticastScope>,
    options: MulticastListenOptions = {},
  ): Promise<IListeningPort> {
    const listeningPort = new RecordedPort(place('UDP', port, options.interface))
    this.multicastServers.push({ port, protocol, options, listeningPort })
    return Promise.resolve(listeningPort)
  }

  listenUNIXDatagram(
    path: string,
    protocol: IDatagramProtocol<IUNIXDatagramTransport, IPathAddress>,
    options: UNIXDatagramListenOptions = {},
  ): Promise<IListeningPort> {
    const listeningPort = new RecordedPort(new UNIXAddress(path))
    this.unixDatagramServers.push({ path, protocol, options, listeningPort })
    return Promise.resolve(listeningPort)
  }

  connectUNIXDatagram(
    path: string,
    protocol: IConnectedDatagramProtocol,
    options: UNIXDatagramConnectOptions = {},
  ): RecordedDatagramConnector {
    const connector = new RecordedDatagramConnector(new UNIXAddress(path))
    this.unixDatagramClients.push({ path, protocol, options, connector })
    return connector
  }

  adoptStreamPort(
    fd: number,
    family: SocketFamily,
    handler: ConnectionHandler,
    options: StreamListenOptions = {},
  ): Promise<IListeningPort> {
    const listeningPort = new RecordedPort(adopted('TCP', family))
    this.adoptedPorts.push({ fd, family, handler, options, listeningPort })
    return Promise.resolve(listeningPort)
  }

  /** Records; the factory builds its protocol, on a `StringTransport`. */
  adoptStreamConnection(
    fd: number,
    family: SocketFamily,
    factory: IProtocolFactory<IProtocol>,
  ): IStreamTransport | undefined {
    const address = adopted('TCP', family)
    const transport = new StringTransport({ host: address, peer: address })
    const protocol = factory.buildProtocol(address)
    this.adoptedStreamConnections.push({ fd, family, factory, protocol, transport })
    if (protocol === undefined) return undefined
    protocol.makeConnection(transport)
    return transport
  }

  adoptDatagramPort(
    fd: number,
    family: SocketFamily,
    protocol: IDatagramProtocol,
    options: Omit<UDPListenOptions, 'interface'> = {},
  ): Promise<IListeningPort> {
    const listeningPort = new RecordedPort(adopted('UDP', family))
    this.adoptedPorts.push({ fd, family, handler: protocol, options, listeningPort })
    return Promise.resolve(listeningPort)
  }

  get nameResolver(): IHostnameResolver {
    return this.#nameResolver
  }

  /** @returns the one before */
  installNameResolver(resolver: IHostnameResolver): IHostnameResolver {
    const before = this.#nameResolver
    this.#nameResolver = resolver
    return before
  }

  /** The name itself, as if every name were an address; the empty name is `0.0.0.0`. */
  resolve(name: string): Promise<string> {
    return Promise.resolve(name === '' ? '0.0.0.0' : name)
  }

  #connector(destination: IAddress, factory: IClientFactory): RecordedConnector {
    const connector = new RecordedConnector(destination, factory, this.#log)
    this.connectors.push(connector)
    return connector
  }
}

function place(type: InternetType, port: number, host: string | undefined): IAddress {
  return internetAddress(type, host === undefined || host === '' ? '0.0.0.0' : host, port)
}

/** Where a socket is of which only the family is known. */
function adopted(type: InternetType, family: SocketFamily): IAddress {
  if (family === 'UNIX') return new UNIXAddress('')
  return internetAddress(type, family === 'INET6' ? '::' : '0.0.0.0', 0)
}

/** Recorded first: a factory may give up inside `startedConnecting`. */
function begun(connector: RecordedConnector): RecordedConnector {
  connector.connect()
  return connector
}
