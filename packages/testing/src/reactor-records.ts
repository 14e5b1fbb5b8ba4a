/**
 * What `MemoryReactor` keeps of each call.
 *
 * @module
 */
import type {
  ConnectionHandler,
  IClientFactory,
  IConnectedDatagramProtocol,
  IDatagramProtocol,
  IMulticastScope,
  IMulticastTransport,
  IPathAddress,
  IProtocol,
  IProtocolFactory,
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
import type { RecordedConnector } from './recorded-connector.ts'
import type { RecordedDatagramConnector } from './recorded-datagram-connector.ts'
import type { RecordedPort } from './recorded-port.ts'
import type { RecordedSSLPort } from './recorded-ssl-port.ts'
import type { StringTransport } from './string-transport.ts'

/** One call of `listenTCP`. */
export interface TCPServerRecord {
  readonly port: number
  readonly handler: ConnectionHandler
  readonly options: TCPListenOptions
  readonly listeningPort: RecordedPort
}

/** One call of `connectTCP`. */
export interface TCPClientRecord {
  readonly host: string
  readonly port: number
  readonly factory: IClientFactory
  readonly options: TCPConnectOptions
  readonly connector: RecordedConnector
}

/** One call of `listenSSL`. */
export interface SSLServerRecord {
  readonly port: number
  readonly handler: ConnectionHandler
  readonly tls: TLSServerOptions
  readonly options: SSLListenOptions
  readonly listeningPort: RecordedSSLPort
}

/** One call of `connectSSL`. */
export interface SSLClientRecord {
  readonly host: string
  readonly port: number
  readonly factory: IClientFactory
  readonly tls: TLSClientOptions
  readonly options: SSLConnectOptions
  readonly connector: RecordedConnector
}

/** One call of `listenUNIX`. */
export interface UNIXServerRecord {
  readonly path: string
  readonly handler: ConnectionHandler
  readonly options: UNIXListenOptions
  readonly listeningPort: RecordedPort
}

/** One call of `connectUNIX`. */
export interface UNIXClientRecord {
  readonly path: string
  readonly factory: IClientFactory
  readonly options: UNIXConnectOptions
  readonly connector: RecordedConnector
}

/** One call of `listenUDP`. */
export interface UDPServerRecord {
  readonly port: number
  readonly protocol: IDatagramProtocol
  readonly options: UDPListenOptions
  readonly listeningPort: RecordedPort
}

/** One call of `listenMulticast`. */
export interface MulticastServerRecord {
  readonly port: number
  readonly protocol: IDatagramProtocol<IMulticastTransport & IMulticastScope>
  readonly options: MulticastListenOptions
  readonly listeningPort: RecordedPort
}

/** One call of `listenUNIXDatagram`. */
export interface UNIXDatagramServerRecord {
  readonly path: string
  readonly protocol: IDatagramProtocol<IUNIXDatagramTransport, IPathAddress>
  readonly options: UNIXDatagramListenOptions
  readonly listeningPort: RecordedPort
}

/** One call of `connectUNIXDatagram`. */
export interface UNIXDatagramClientRecord {
  readonly path: string
  readonly protocol: IConnectedDatagramProtocol
  readonly options: UNIXDatagramConnectOptions
  readonly connector: RecordedDatagramConnector
}

/** One call of `adoptStreamPort` or `adoptDatagramPort`. */
export interface AdoptedPortRecord {
  readonly fd: number
  readonly family: SocketFamily
  /** What serves it: of a stream a handler, of datagrams a protocol. */
  readonly handler: ConnectionHandler | IDatagramProtocol
  readonly options: StreamListenOptions | Omit<UDPListenOptions, 'interface'>
  readonly listeningPort: RecordedPort
}

/** One call of `adoptStreamConnection`. */
export interface AdoptedConnectionRecord {
  readonly fd: number
  readonly family: SocketFamily
  readonly factory: IProtocolFactory
  /** What the factory has built, on the transport. */
  readonly protocol: IProtocol | undefined
  readonly transport: StringTransport
}
