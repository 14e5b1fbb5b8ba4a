/**
 * Roles of a protocol and of what builds protocols.
 *
 * Source: Twisted, `twisted/internet/interfaces.py`, `IProtocol`, `IProtocolFactory`, `IHalfCloseableProtocol`.
 *
 * @module
 */
import type { IAddress } from './address.ts'
import type { IStreamTransport } from './transport.ts'

/** One connection's worth of conversation. */
export interface IProtocol {
  /** The connection stands. Called once, before anything else. */
  makeConnection(transport: IStreamTransport): void
  /** Bytes have come, in chunks of any size. The chunk is the protocol's to keep. */
  dataReceived(data: Uint8Array): void
  /** The connection is gone. Called exactly once, last; a clean end is a `ConnectionDone`. */
  connectionLost(reason: Error): void
}

/** Builds a protocol for each connection. */
export interface IProtocolFactory<P extends IProtocol = IProtocol> {
  /** A protocol for a connection with `address`; `undefined` refuses it. */
  buildProtocol(address: IAddress): P | undefined
  /** One more port or connector uses the factory. */
  doStart(): void
  /** One fewer uses it. */
  doStop(): void
}

/** A protocol that handles the two directions of a connection apart. */
export interface IHalfCloseableProtocol {
  /** The other side will send nothing more; writing still works. */
  readConnectionLost(): void
  /** `loseWriteConnection` is done. */
  writeConnectionLost(): void
}

/** A protocol that wants to be told that its listener or client stops, to say goodbye and close in its own time. */
export interface IStopRequested {
  /** Finish, then close; what is left at the end of the listener's drain is aborted. */
  stopRequested(): void
}
