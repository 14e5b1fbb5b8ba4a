/**
 * Roles of a listening port, and the options of every `listen`.
 *
 * Source: Twisted, `twisted/internet/interfaces.py`, `IListeningPort`.
 * Differs: a port can be held; stopping it drains.
 *
 * @module
 */
import type { IAddress } from './address.ts'
import type { IServiceContext } from './service.ts'
import type { Duration } from './time.ts'

/** A port on which connections or datagrams arrive. */
export interface IListeningPort {
  /** Where it listens; the real port when 0 was asked for. */
  getHost(): IAddress
  /** Begins to serve when the port was held; harmless when it serves already. */
  serve(): void
  /** Refuses new connections, drains the live ones, and settles when the port is closed. Calling it again joins. */
  stopListening(): void | Promise<void>
}

/** Options that every `listen` takes. */
export interface ListenOptions {
  /** Binds, but accepts nothing until `serve()`; datagrams that come before are dropped and counted. @defaultValue false */
  readonly held?: boolean | undefined
  /** Gives up a bind that has not finished. */
  readonly signal?: AbortSignal | undefined
  /** Lets the process end although the port is open. @defaultValue false */
  readonly unref?: boolean | undefined
  /** What the service that listens inherited. */
  readonly context?: Partial<IServiceContext> | undefined
}

/** Options of every `listen` for connections. */
export interface StreamListenOptions extends ListenOptions {
  /** How many connections wait to be accepted, at most. @defaultValue the platform's */
  readonly backlog?: number | undefined
  /** How many connections are served at once; one more is closed at once, and counted. @defaultValue Infinity */
  readonly maxConnections?: number | undefined
  /** Closes a connection on which nothing has come or gone for so long. @defaultValue none */
  readonly idleTimeout?: Duration | undefined
  /** Closes a connection on which nothing has come for so long, however much has gone. @defaultValue none */
  readonly receiveTimeout?: Duration | undefined
  /** Finds a dead idle peer within so long. @defaultValue '15s' */
  readonly keepAlive?: Duration | false | undefined
  /** Whether stopping waits for live connections (`true`) or leaves them alone. @defaultValue true */
  readonly drain?: boolean | undefined
  /** How long stopping waits for live connections before it aborts them. @defaultValue '5s' */
  readonly drainTimeout?: Duration | undefined
}
