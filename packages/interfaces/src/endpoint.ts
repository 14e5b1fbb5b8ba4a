/**
 * Roles of the two kinds of endpoint.
 *
 * Source: Twisted, `twisted/internet/interfaces.py`, `IStreamServerEndpoint`, `IStreamClientEndpoint`.
 *
 * @module
 */
import type { ConnectionHandler } from './handler.ts'
import type { IListeningPort, StreamListenOptions } from './listening.ts'
import type { IProtocol, IProtocolFactory } from './protocol.ts'
import type { IServiceContext } from './service.ts'
import type { Duration } from './time.ts'

/** Options of every `connect`. */
export interface ConnectOptions {
  /** Gives the attempt up; the rejection is a `ConnectingCancelledError`. */
  readonly signal?: AbortSignal | undefined
  /** How long the attempt may take. @defaultValue '30s' */
  readonly timeout?: Duration | undefined
  /** Finds a dead idle peer within so long. @defaultValue '15s' */
  readonly keepAlive?: Duration | false | undefined
  /** What the service that connects inherited. */
  readonly context?: Partial<IServiceContext> | undefined
}

/** A place to listen at. */
export interface IStreamServerEndpoint {
  /** Listens; rejects with what the reactor's listen threw. */
  listen(handler: ConnectionHandler, options?: StreamListenOptions): Promise<IListeningPort>
}

/** A place to connect to. */
export interface IStreamClientEndpoint {
  /** Connects, and yields the protocol that the factory built, after its `makeConnection`. */
  connect<P extends IProtocol>(factory: IProtocolFactory<P>, options?: ConnectOptions): Promise<P>
}
