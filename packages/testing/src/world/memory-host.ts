/**
 * A machine of the simulated world, as the reactor of a program that runs on it.
 *
 * @module
 */
import type {
  ConnectionHandler,
  IClientFactory,
  IConnectedDatagramProtocol,
  IConnector,
  IDatagramConnector,
  IDatagramProtocol,
  IListeningPort,
  IMulticastScope,
  IMulticastTransport,
  IPathAddress,
  IProtocolFactory,
  IReactorMulticast,
  IReactorSocket,
  IReactorSSL,
  IReactorTCP,
  IReactorUDP,
  IReactorUNIX,
  IReactorUNIXDatagram,
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
import {
  adoptConnection,
  sslConnector,
  tcpConnector,
  unixConnector,
  unixDatagramClient,
} from './connecting.ts'
import { HostBase } from './host-base.ts'
import {
  adoptDatagramPort,
  adoptStreamPort,
  openMulticastPort,
  openSSLPort,
  openTCPPort,
  openUDPPort,
  openUNIXDatagramPort,
  openUNIXPort,
} from './opening.ts'
import type { MemoryConnector } from './streams/memory-connector.ts'

/**
 * The reactor of one machine of a `MemoryWorld`; made by `world.host(name)`.
 *
 * All hosts of a world share its time. What a program opens here counts for `world.assertQuiet()`. Every `listen` rejects, and
 * every `connect` fails, as that of the real reactor does, with the same errors.
 */
export class MemoryHost
  extends HostBase
  implements
    IReactorTCP,
    IReactorSSL,
    IReactorUNIX,
    IReactorUDP,
    IReactorMulticast,
    IReactorUNIXDatagram,
    IReactorSocket
{
  async listenTCP(
    port: number,
    handler: ConnectionHandler,
    options: TCPListenOptions = {},
  ): Promise<IListeningPort> {
    return openTCPPort(port, handler, options, this.surroundings(options.context))
  }

  connectTCP(
    host: string,
    port: number,
    factory: IClientFactory,
    options: TCPConnectOptions = {},
  ): IConnector {
    return begun(tcpConnector(host, port, factory, options, this.surroundings(options.context)))
  }

  async listenSSL(
    port: number,
    handler: ConnectionHandler,
    tls: TLSServerOptions,
    options: SSLListenOptions = {},
  ): Promise<IListeningPort> {
    return openSSLPort(port, handler, tls, options, this.surroundings(options.context))
  }

  connectSSL(
    host: string,
    port: number,
    factory: IClientFactory,
    tls: TLSClientOptions,
    options: SSLConnectOptions = {},
  ): IConnector {
    return begun(sslConnector(host, port, factory, tls, options, this.surroundings(options.context)))
  }

  async listenUNIX(
    path: string,
    handler: ConnectionHandler,
    options: UNIXListenOptions = {},
  ): Promise<IListeningPort> {
    return openUNIXPort(path, handler, options, this.surroundings(options.context))
  }

  connectUNIX(path: string, factory: IClientFactory, options: UNIXConnectOptions = {}): IConnector {
    return begun(unixConnector(path, factory, options, this.surroundings(options.context)))
  }

  async listenUDP(
    port: number,
    protocol: IDatagramProtocol,
    options: UDPListenOptions = {},
  ): Promise<IListeningPort> {
    return openUDPPort(port, protocol, options, this.surroundings(options.context))
  }

  async listenMulticast(
    port: number,
    protocol: IDatagramProtocol<IMulticastTransport & IMulticastScope>,
    options: MulticastListenOptions = {},
  ): Promise<IListeningPort> {
    return openMulticastPort(port, protocol, options, this.surroundings(options.context))
  }

  async listenUNIXDatagram(
    path: string,
    protocol: IDatagramProtocol<IUNIXDatagramTransport, IPathAddress>,
    options: UNIXDatagramListenOptions = {},
  ): Promise<IListeningPort> {
    return openUNIXDatagramPort(path, protocol, options, this.surroundings(options.context))
  }

  connectUNIXDatagram(
    path: string,
    protocol: IConnectedDatagramProtocol,
    options: UNIXDatagramConnectOptions = {},
  ): IDatagramConnector {
    return unixDatagramClient(path, protocol, options, this.surroundings(options.context))
  }

  async adoptStreamPort(
    fd: number,
    family: SocketFamily,
    handler: ConnectionHandler,
    options: StreamListenOptions = {},
  ): Promise<IListeningPort> {
    return adoptStreamPort(fd, family, handler, options, this.surroundings(options.context))
  }

  adoptStreamConnection(
    fd: number,
    family: SocketFamily,
    factory: IProtocolFactory,
  ): IStreamTransport | undefined {
    return adoptConnection(fd, family, factory, this.surroundings())
  }

  async adoptDatagramPort(
    fd: number,
    family: SocketFamily,
    protocol: IDatagramProtocol,
    options: Omit<UDPListenOptions, 'interface'> = {},
  ): Promise<IListeningPort> {
    return adoptDatagramPort(fd, family, protocol, options, this.surroundings(options.context))
  }
}

function begun(connector: MemoryConnector): MemoryConnector {
  connector.connect()
  return connector
}
