/**
 * The narrow roles through which the packages of Sennit know one another. Types only: nothing here exists at run time.
 *
 * Each role also has a subpath of its own, such as `@sennit/interfaces/time`.
 *
 * @module
 */
export type { IAddress, IHostPort } from './address.ts'
export type { IInheritedSockets, IReactorSocket, InheritedSocket, SocketFamily } from './adopt.ts'
export type { IConnectAttempt, IConnectable } from './connectable.ts'
export type { IClientFactory, IConnector } from './connector.ts'
export type { IReactorCore, ISystemEvents, SystemEventPhase, SystemEventTrigger } from './core.ts'
export type { IDrain } from './drain.ts'
export type { ConnectOptions, IStreamClientEndpoint, IStreamServerEndpoint } from './endpoint.ts'
export type { IReactorFiles, WatchFileOptions } from './files.ts'
export type { ConnectionHandler, IConnectionContext, ISocketHandler, IStreamHandler } from './handler.ts'
export type { Description, Fact, IInspectable } from './inspect.ts'
export type { IListeningPort, ListenOptions, StreamListenOptions } from './listening.ts'
export type { ILog, LogMethod } from './log.ts'
export type {
  IMulticastScope,
  IMulticastTransport,
  IReactorMulticast,
  MulticastListenOptions,
} from './multicast.ts'
export type { IConsumer, IPullProducer, IPushProducer } from './producer.ts'
export type { IHalfCloseableProtocol, IProtocol, IProtocolFactory, IStopRequested } from './protocol.ts'
export type { IRandomSource, Random } from './random.ts'
export type { IReadiness, IReadinessControl } from './readiness.ts'
export type {
  IHostResolution,
  IHostnameResolver,
  IReactorPluggableNameResolver,
  IReactorResolve,
  IResolutionReceiver,
  ResolutionOptions,
} from './resolver.ts'
export type {
  IContextSource,
  IDeadlines,
  IFailureHandler,
  IObservable,
  IProcess,
  IService,
  IServiceCollection,
  IServiceContext,
  ServiceState,
  TransitionOptions,
} from './service.ts'
export type { IReactorTCP, TCPConnectOptions, TCPListenOptions } from './tcp.ts'
export type { Duration, IDelayedCall, IKeepAlive, IReactorTime, IWallClock, Seconds } from './time.ts'
export type {
  IHandshakeListener,
  IReactorSSL,
  ISSLTransport,
  ITLSPort,
  ITLSTransport,
  PEM,
  SSLConnectOptions,
  SSLListenOptions,
  StartTLSOptions,
  TLSClientOptions,
  TLSCredentials,
  TLSInfo,
  TLSServerOptions,
  TLSVersion,
} from './tls.ts'
export type {
  IAbortableTransport,
  IClosingTransport,
  ICountedTransport,
  IHalfClosableTransport,
  ISituatedTransport,
  IStreamTransport,
  ITCPOptions,
  ITransport,
} from './transport.ts'
export type { IDatagramProtocol, IReactorUDP, IUDPTransport, UDPListenOptions } from './udp.ts'
export type {
  IConnectedDatagramProtocol,
  IDatagramConnector,
  IPathAddress,
  IReactorUNIXDatagram,
  IUNIXDatagramConnectedTransport,
  IUNIXDatagramTransport,
  UNIXDatagramConnectOptions,
  UNIXDatagramListenOptions,
} from './unix-datagram.ts'
export type { IReactorUNIX, UNIXConnectOptions, UNIXListenOptions } from './unix.ts'
