/**
 * The reactor's role for TCP.
 *
 * Source: Twisted, `twisted/internet/interfaces.py`, `IReactorTCP`.
 * Differs: listening is asynchronous, because Node binds asynchronously; further arguments are options.
 *
 * @module
 */
import type { IClientFactory, IConnector } from './connector.ts'
import type { ConnectOptions } from './endpoint.ts'
import type { ConnectionHandler } from './handler.ts'
import type { IListeningPort, StreamListenOptions } from './listening.ts'
import type { Duration } from './time.ts'

/** Options of `listenTCP`. */
export interface TCPListenOptions extends StreamListenOptions {
  /** The local address; empty means all of IPv4. @defaultValue '' */
  readonly interface?: string | undefined
  /** Sends small writes at once. @defaultValue true */
  readonly noDelay?: boolean | undefined
}

/** Options of `connectTCP`. */
export interface TCPConnectOptions extends ConnectOptions {
  /** The local address, or address and port. */
  readonly bindAddress?: string | readonly [host: string, port: number] | undefined
  /** Takes only the addresses of this family, when the host is a name. @defaultValue either */
  readonly family?: 4 | 6 | undefined
  /** The time between two attempts that are on their way together, when a name has several addresses. @defaultValue '250ms' */
  readonly attemptDelay?: Duration | undefined
}

/** TCP servers and clients. */
export interface IReactorTCP {
  /**
   * Listens on a port; 0 picks a free one.
   *
   * @throws CannotListenError (as a rejection)
   */
  listenTCP(port: number, handler: ConnectionHandler, options?: TCPListenOptions): Promise<IListeningPort>
  /** Begins to connect; the factory is told the rest. */
  connectTCP(host: string, port: number, factory: IClientFactory, options?: TCPConnectOptions): IConnector
}
