/**
 * The role of anything that a lasting connection can be kept to.
 *
 * @module
 */
import type { IServiceContext } from './service.ts'

/** What an attempt to connect is given. Its members may be taken apart. */
export interface IConnectAttempt {
  /** Aborted when the result is no longer wanted; a value that comes after that is closed. */
  readonly signal: AbortSignal
  /** What the service inherited. */
  readonly context: IServiceContext
  /** To be called when the connection is gone, also before `connect` has settled; later calls are ignored. */
  lost(reason: Error): void
}

/** Something that one can connect to, again and again. */
export interface IConnectable<T> {
  /** Connects once. */
  connect(attempt: IConnectAttempt): T | Promise<T>
  /**
   * Begins to close a connection in an orderly way; `lost` tells when it is gone.
   *
   * @param reason - why: a `CancelledError` when the service stops, otherwise what was wrong with the connection
   */
  close(value: T, reason: Error): void
  /** Cuts a connection; `lost` tells when it is gone. */
  abort(value: T): void
}
