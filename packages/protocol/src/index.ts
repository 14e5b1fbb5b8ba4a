/**
 * What is said over a connection: addresses, the errors of connecting and of losing a connection, protocols and their
 * factories, handlers over streams, and framing.
 *
 * Source: Twisted, `twisted/internet/protocol.py`, `twisted/internet/address.py`, `twisted/internet/error.py`,
 * `twisted/protocols/basic.py`.
 * Differs: a handler may be an async function over a stream; `lines` reads lines from any stream.
 *
 * @module
 */
export {
  HostnameAddress,
  type InternetAddress,
  type InternetType,
  IPv4Address,
  IPv6Address,
  internetAddress,
  UNIXAddress,
} from './addresses.ts'
export { ClientFactory } from './client-factory.ts'
export {
  BadFileError,
  ConnectBindError,
  ConnectError,
  ConnectionRefusedError,
  ConnectionTimeoutError,
  connectErrorFrom,
  NoRouteError,
  ServiceNameUnknownError,
  SSLError,
  TCPTimedOutError,
  UnknownHostError,
  UserError,
} from './connect-errors.ts'
export {
  ConnectionAborted,
  ConnectionClosed,
  ConnectionDone,
  ConnectionLost,
  connectionLostFrom,
  FileDescriptorOverrun,
} from './connection-errors.ts'
export { DatagramProtocol } from './datagram-protocol.ts'
export { DuplexProtocol, type DuplexProtocolOptions, duplexFactory } from './duplex-protocol.ts'
export {
  AlreadyListened,
  BindError,
  BytesError,
  CannotListenError,
  ConnectingCancelledError,
  ConnectInProgressError,
  DelimiterError,
  DNSLookupError,
  HandlerError,
  InvalidAddressError,
  LineLengthError,
  MaxLengthError,
  MessageLengthError,
  NoProtocolError,
  NotConnectingError,
  NotListeningError,
  ProducerRegisteredError,
  ReactorAlreadyInstalledError,
  ReactorAlreadyRunning,
  ReactorNotRestartable,
  ReactorNotRunning,
  UnsupportedAddressFamily,
  UnsupportedSocketType,
} from './errors.ts'
export { Factory, type FactoryOptions, type ProtocolClass } from './factory.ts'
export { handler, type StreamFunction } from './handler.ts'
export { type HandlerKind, handlerKind } from './handler-kind.ts'
export type { LineReceiverOptions } from './line-cutter.ts'
export { LineOnlyReceiver } from './line-only-receiver.ts'
export { LineReceiver } from './line-receiver.ts'
export { lines, type LinesOptions } from './lines.ts'
export { type ParsedAddress, parseAddress } from './parse-address.ts'
export { Protocol } from './protocol.ts'
export type { SystemErrorFields, SystemErrorOptions } from './system-error.ts'
