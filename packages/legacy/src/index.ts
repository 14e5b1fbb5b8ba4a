/**
 * The classic wrappers: a service for each listen and connect call of the reactor, and the factory that connects again.
 *
 * Source: Twisted, `twisted/application/internet.py`; `twisted/internet/protocol.py`, `ReconnectingClientFactory`.
 * Differs: starts and stops are awaited; nothing is served before the service has started; stopping a server drains.
 *
 * @module
 */
export { ServiceNotListeningError, VolatileDataService } from '@sennit/service'
export {
  AbstractClient,
  type AbstractClientOptions,
  type ClientOptions,
  type ConnectMethod,
} from './abstract-client.ts'
export { AbstractServer, type ListenMethod, type ListenMethodOptions } from './abstract-server.ts'
export { NoConnectorError, RetryOptionError } from './errors.ts'
export { MulticastServer, type MulticastServerOptions } from './multicast-server.ts'
export type { ArgumentsOf, OptionsOf, ReactorMethod } from './reactor-method.ts'
export {
  ReconnectingClientFactory,
  type ReconnectingClientFactoryOptions,
} from './reconnecting-client-factory.ts'
export { SSLClient, type SSLClientOptions } from './ssl-client.ts'
export { SSLServer, type SSLServerOptions } from './ssl-server.ts'
export { TCPClient, type TCPClientOptions } from './tcp-client.ts'
export { TCPServer, type TCPServerOptions } from './tcp-server.ts'
export { UDPServer, type UDPServerOptions } from './udp-server.ts'
export { UNIXClient, type UNIXClientOptions } from './unix-client.ts'
export { UNIXDatagramClient, type UNIXDatagramClientOptions } from './unix-datagram-client.ts'
export { UNIXDatagramServer, type UNIXDatagramServerOptions } from './unix-datagram-server.ts'
export { UNIXServer, type UNIXServerOptions } from './unix-server.ts'
