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
export { AbstractDatagramProtocol } from './abstract-datagram-protocol.ts'
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
  ProcessDone,
  type ProcessEnd,
  ProcessTerminated,
} from './connection-errors.ts'
export { ConnectedDatagramProtocol } from './connected-datagram-protocol.ts'
export { DatagramProtocol } from './datagram-protocol.ts'
export { DuplexProtocol, type DuplexProtocolOptions, duplexFactory } from './duplex-protocol.ts'
export {
  AlreadyConnectedError,
  AlreadyListened,
  BindError,
  BytesError,
  CannotListenError,
  ConnectingCancelledError,
  ConnectInProgressError,
  DNSLookupError,
  HandlerError,
  InvalidAddressError,
  MessageLengthError,
  MulticastJoinError,
  NoProtocolError,
  NotConnectingError,
  NotListeningError,
  ProducerRegisteredError,
  ReactorAlreadyInstalledError,
  ReactorAlreadyRunning,
  ReactorNotRestartable,
  ReactorNotRunning,
  ReactorOptionError,
  UnsupportedAddressFamily,
  UnsupportedSocketType,
} from './errors.ts'
export { Factory, type FactoryOptions, type ProtocolClass } from './factory.ts'
export {
  frame,
  type FrameOptions,
  frames,
  type FramesOptions,
  netstring,
  netstrings,
  type NetstringsOptions,
} from './frames.ts'
export {
  DelimiterError,
  IncompleteStringError,
  LineLengthError,
  MaxLengthError,
  NetstringParseError,
  PrefixLengthError,
  StringLengthError,
  StringTooLongError,
} from './framing-errors.ts'
export { handler, type StreamFunction } from './handler.ts'
export { type HandlerKind, handlerKind } from './handler-kind.ts'
export {
  Int16StringReceiver,
  Int32StringReceiver,
  Int8StringReceiver,
  IntNStringReceiver,
} from './int-n-string-receiver.ts'
export { LimitConnectionsByPeer, type LimitConnectionsByPeerOptions } from './limit-connections-by-peer.ts'
export {
  LimitTotalConnectionsFactory,
  type LimitTotalConnectionsOptions,
} from './limit-total-connections-factory.ts'
export type { LineReceiverOptions } from './line-cutter.ts'
export { LineOnlyReceiver } from './line-only-receiver.ts'
export { LineReceiver } from './line-receiver.ts'
export { lines, type LinesOptions } from './lines.ts'
export { NetstringReceiver } from './netstring-receiver.ts'
export { type ParsedAddress, parseAddress } from './parse-address.ts'
export { PolicyOptionError } from './policy-errors.ts'
export { Protocol } from './protocol.ts'
export { ProtocolWrapper, type WrapperOwner } from './protocol-wrapper.ts'
export type { StringOptions } from './string-cutter.ts'
export type { SystemErrorFields, SystemErrorOptions } from './system-error.ts'
export { ThrottlingFactory, type ThrottlingFactoryOptions } from './throttling-factory.ts'
export { ThrottlingProtocol } from './throttling-protocol.ts'
export { TimeoutMixin, type Timeouts } from './timeout-mixin.ts'
export {
  TimeoutFactory,
  type TimeoutFactoryOptions,
  type TimeoutOwner,
  TimeoutProtocol,
} from './timeout-protocol.ts'
export { sslErrorFrom, StartTLSError, TLSOptionsError } from './tls-errors.ts'
export { WrappingFactory } from './wrapping-factory.ts'
