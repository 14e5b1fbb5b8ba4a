/**
 * Roles of a connection, as a protocol sees it.
 *
 * Source: Twisted, `twisted/internet/interfaces.py`, `ITransport`, `ITCPTransport`.
 * Differs: what can be done beyond writing and closing is a role of its own.
 *
 * @module
 */
import type { IAddress } from './address.ts'
import type { ILog } from './log.ts'
import type { IConsumer, IPushProducer } from './producer.ts'
import type { Duration, IReactorTime } from './time.ts'

/** One connection. */
export interface ITransport {
  /**
   * Sends bytes, in order, without waiting. Writes after the end are ignored.
   *
   * @throws TypeError when `data` is not bytes
   */
  write(data: Uint8Array): void
  /** Sends several chunks, in order. */
  writeSequence(data: Iterable<Uint8Array>): void
  /** Sends what is buffered, then closes; reads nothing any more. Calling it again is harmless. */
  loseConnection(): void
  /** The address of the other side. */
  getPeer(): IAddress
  /** The address of this side. */
  getHost(): IAddress
}

/** A connection that can be cut. */
export interface IAbortableTransport {
  /** Drops what is buffered and resets the connection; `connectionLost` comes in a later turn. */
  abortConnection(reason?: Error): void
}

/** A connection that says on which clock it lives and where it is logged: what its listener or its client has inherited. */
export interface ISituatedTransport {
  readonly clock: IReactorTime
  readonly log: ILog
}

/** A connection of which one direction can be closed. */
export interface IHalfClosableTransport {
  /** Sends what is buffered, then tells the other side that nothing more will come; reading goes on. */
  loseWriteConnection(): void
}

/** A connection that says whether it closes. */
export interface IClosingTransport {
  /** Whether `loseConnection` or `abortConnection` was called, or the connection is gone: no more need be handed to it. */
  readonly disconnecting: boolean
}

/** A connection that counts what has come and gone over it, as a `net.Socket` does. */
export interface ICountedTransport {
  /** How many bytes have come. */
  readonly bytesRead: number
  /** How many bytes have gone. */
  readonly bytesWritten: number
}

/** What every stream connection can do. It is a push producer of what it receives. */
export interface IStreamTransport
  extends ITransport, IAbortableTransport, IHalfClosableTransport, IConsumer, IPushProducer {}

/** Options of a TCP connection. */
export interface ITCPOptions {
  /** Sends small writes at once (`true`) or gathers them. */
  setTcpNoDelay(enabled: boolean): void
  /** Finds a dead idle peer within so long, or never (`false`). */
  setTcpKeepAlive(budget: Duration | false): void
}
