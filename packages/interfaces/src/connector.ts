/**
 * Roles of an outgoing connection at the level of the reactor.
 *
 * Source: Twisted, `twisted/internet/interfaces.py`, `IConnector`; `twisted/internet/protocol.py`, `ClientFactory`.
 *
 * @module
 */
import type { IAddress } from './address.ts'
import type { IProtocol, IProtocolFactory } from './protocol.ts'

/** One outgoing connection, in the making or made. */
export interface IConnector {
  /** Connects again; allowed inside `clientConnectionFailed` and `clientConnectionLost`. */
  connect(): void
  /**
   * Gives the attempt up; `clientConnectionFailed` is told inside this call.
   *
   * @throws NotConnectingError
   */
  stopConnecting(): void
  /** Gives the attempt up, or closes the connection. */
  disconnect(): void
  /** Where it connects to. */
  getDestination(): IAddress
}

/** Builds a protocol for an outgoing connection, and is told what becomes of it. */
export interface IClientFactory<P extends IProtocol = IProtocol> extends IProtocolFactory<P> {
  /** An attempt begins. */
  startedConnecting(connector: IConnector): void
  /** The attempt failed. */
  clientConnectionFailed(connector: IConnector, reason: Error): void
  /** The connection is gone; its protocol has been told already. */
  clientConnectionLost(connector: IConnector, reason: Error): void
}
