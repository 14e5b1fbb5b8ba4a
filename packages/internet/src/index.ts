/**
 * The names of Twisted's module under one import, for people who come from there.
 *
 * Source: Twisted, `twisted/application/internet.py`, `__all__`.
 * Differs: there is nothing else here: the types are those of their options.
 *
 * @module
 */
export { backoffPolicy, type BackoffPolicyOptions, type RetryPolicy } from '@sennit/backoff'
export { ClientService, type ClientServiceOptions } from '@sennit/client'
export { CooperatorService, type CooperatorServiceOptions } from '@sennit/cooperator'
export { StreamServerEndpointService, type StreamServerEndpointServiceOptions } from '@sennit/endpoints'
export {
  MulticastServer,
  type MulticastServerOptions,
  SSLClient,
  type SSLClientOptions,
  SSLServer,
  type SSLServerOptions,
  TCPClient,
  type TCPClientOptions,
  TCPServer,
  type TCPServerOptions,
  UDPServer,
  type UDPServerOptions,
  UNIXClient,
  type UNIXClientOptions,
  UNIXDatagramClient,
  type UNIXDatagramClientOptions,
  UNIXDatagramServer,
  type UNIXDatagramServerOptions,
  UNIXServer,
  type UNIXServerOptions,
} from '@sennit/legacy'
export { TimerService, type TimerRun, type TimerServiceOptions } from '@sennit/timer'
