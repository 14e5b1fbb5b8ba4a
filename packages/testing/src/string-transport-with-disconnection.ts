/**
 * A `StringTransport` that tells its protocol when it is closed.
 *
 * Source: Twisted, `twisted/internet/testing.py`, `StringTransportWithDisconnection`.
 * Differs: aborting tells the protocol too.
 *
 * @module
 */
import type { IProtocol } from '@sennit/interfaces'
import { ConnectionAborted, ConnectionDone } from '@sennit/protocol'
import { DoubleStateError } from './errors.ts'
import { StringTransport } from './string-transport.ts'

/**
 * Records, and calls the protocol's `connectionLost` inside `loseConnection`, once.
 *
 * @example
 * ```ts
 * const transport = new StringTransportWithDisconnection()
 * transport.protocol = protocol
 * protocol.makeConnection(transport)
 * transport.loseConnection()                 // protocol.connectionLost(ConnectionDone)
 * ```
 */
export class StringTransportWithDisconnection extends StringTransport {
  /** To be set before the close. */
  protocol: IProtocol | undefined

  /** @throws DoubleStateError (`ERR_SENNIT_DOUBLE_STATE`) when `protocol` is not set */
  override loseConnection(): void {
    this.#lose(() => new ConnectionDone())
  }

  /** @throws DoubleStateError (`ERR_SENNIT_DOUBLE_STATE`) when `protocol` is not set */
  override abortConnection(reason?: Error): void {
    this.disconnected = true
    this.abortReason = reason
    this.#lose(() => reason ?? new ConnectionAborted())
  }

  #lose(reason: () => Error): void {
    if (!this.connected) return
    if (this.protocol === undefined)
      throw new DoubleStateError("Cannot close: 'protocol' must be set before, got undefined")
    this.disconnecting = true
    this.connected = false
    this.protocol.connectionLost(reason())
  }
}
