/**
 * The reactor's role for UNIX sockets.
 *
 * Source: Twisted, `twisted/internet/interfaces.py`, `IReactorUNIX`.
 * Differs: a socket file is private to user and group unless told otherwise; a stale one is found out by connecting to it.
 *
 * @module
 */
import type { IClientFactory, IConnector } from './connector.ts'
import type { ConnectOptions } from './endpoint.ts'
import type { ConnectionHandler } from './handler.ts'
import type { IListeningPort, StreamListenOptions } from './listening.ts'

/** Options of `listenUNIX`. */
export interface UNIXListenOptions extends Omit<StreamListenOptions, 'keepAlive'> {
  /** Who may connect: the mode of the socket's file, from its first moment on. @defaultValue 0o660 */
  readonly mode?: number | undefined
  /** Holds `PATH.lock`, a symbolic link that names this process, so that a second one cannot take the path over. @defaultValue false */
  readonly wantPID?: boolean | undefined
}

/** Options of `connectUNIX`. */
export interface UNIXConnectOptions extends Omit<ConnectOptions, 'keepAlive'> {
  /** Connects only when `PATH.lock` names a process that lives. @defaultValue false */
  readonly checkPID?: boolean | undefined
}

/** UNIX sockets that carry streams. */
export interface IReactorUNIX {
  /**
   * Listens at a path of at most 107 bytes.
   *
   * @throws CannotListenError (as a rejection)
   */
  listenUNIX(path: string, handler: ConnectionHandler, options?: UNIXListenOptions): Promise<IListeningPort>
  /** Begins to connect; the factory is told the rest. */
  connectUNIX(path: string, factory: IClientFactory, options?: UNIXConnectOptions): IConnector
}
