/**
 * The narrow roles through which the packages of Sennit know one another. Types only: nothing here exists at run time.
 *
 * Each role also has a subpath of its own, such as `@sennit/interfaces/time`.
 *
 * @module
 */
export type { IAddress, IHostPort } from './address.ts'
export type { IConnectAttempt, IConnectable } from './connectable.ts'
export type { IClientFactory, IConnector } from './connector.ts'
export type { IDrain } from './drain.ts'
export type { ConnectOptions, IStreamClientEndpoint, IStreamServerEndpoint } from './endpoint.ts'
export type { ConnectionHandler, IConnectionContext, ISocketHandler, IStreamHandler } from './handler.ts'
export type { Description, Fact, IInspectable } from './inspect.ts'
export type { IListeningPort, ListenOptions, StreamListenOptions } from './listening.ts'
export type { ILog, LogMethod } from './log.ts'
export type { IConsumer, IPullProducer, IPushProducer } from './producer.ts'
export type { IHalfCloseableProtocol, IProtocol, IProtocolFactory, IStopRequested } from './protocol.ts'
export type { IRandomSource, Random } from './random.ts'
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
  IAbortableTransport,
  IClosingTransport,
  IHalfClosableTransport,
  IStreamTransport,
  ITCPOptions,
  ITransport,
} from './transport.ts'
export type { IDatagramProtocol, IReactorUDP, IUDPTransport, UDPListenOptions } from './udp.ts'
