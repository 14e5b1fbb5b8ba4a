/**
 * Roles of what serves accepted connections: a protocol factory, an async function over a stream, or an existing server.
 *
 * @module
 */
import type { Duplex } from 'node:stream'
import type { IAddress } from './address.ts'
import type { ILog } from './log.ts'
import type { IProtocolFactory } from './protocol.ts'
import type { IReactorTime } from './time.ts'

/** What comes with a connection. */
export interface IConnectionContext {
  /** Aborted when the listener stops: finish and return. */
  readonly signal: AbortSignal
  /** The address of the other side. */
  readonly peer: IAddress
  /** The address of this side. */
  readonly host: IAddress
  readonly clock: IReactorTime
  readonly log: ILog
}

/** Serves each connection by an async function. */
export interface IStreamHandler {
  /**
   * Returning ends the connection after what was written; a rejection destroys it and is logged, unless the signal is
   * aborted and the rejection is its reason, which counts as returning.
   */
  handleStream(stream: Duplex, context: IConnectionContext): void | Promise<void>
}

/** Serves each connection by an existing Node server, which gets the untouched socket. */
export interface ISocketHandler {
  /** From here on the socket belongs to the handler. */
  handleSocket(socket: Duplex, context: IConnectionContext): void
}

/** Anything that can serve accepted connections; told apart by its member: `handleSocket`, `handleStream`, `buildProtocol`. */
export type ConnectionHandler = IProtocolFactory | IStreamHandler | ISocketHandler
