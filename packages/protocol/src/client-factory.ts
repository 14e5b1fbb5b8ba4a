/**
 * The base class of what builds protocols for outgoing connections.
 *
 * Source: Twisted, `twisted/internet/protocol.py`, `ClientFactory`.
 *
 * @module
 */
import type { IClientFactory, IConnector, IProtocol } from '@sennit/interfaces'
import { Factory, type ProtocolClass } from './factory.ts'

/** A factory that is told what becomes of its attempts; each may call `connector.connect()` to try again. */
export class ClientFactory<P extends IProtocol = IProtocol> extends Factory<P> implements IClientFactory<P> {
  /**
   * A factory for a class of protocols.
   *
   * @param protocol - the class
   * @param args - what each new protocol is given
   */
  static override forProtocol<P extends IProtocol, A extends readonly unknown[]>(
    protocol: ProtocolClass<P, A>,
    ...args: A
  ): ClientFactory<P> {
    return super.forProtocol(protocol, ...args) as ClientFactory<P>
  }

  /** An attempt begins. */
  startedConnecting(_connector: IConnector): void {}

  /** The attempt failed; `connector.connect()` tries again. */
  clientConnectionFailed(_connector: IConnector, _reason: Error): void {}

  /** The connection is gone; `connector.connect()` connects again. */
  clientConnectionLost(_connector: IConnector, _reason: Error): void {}
}
