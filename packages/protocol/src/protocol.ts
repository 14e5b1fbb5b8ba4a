/**
 * The base class of protocols.
 *
 * Source: Twisted, `twisted/internet/protocol.py`, `BaseProtocol`, `Protocol`.
 *
 * @module
 */
import type { IProtocol, IProtocolFactory, IStreamTransport } from '@sennit/interfaces'

/**
 * One connection's worth of conversation; subclasses fill the hooks.
 *
 * @example
 * ```ts
 * class Echo extends Protocol {
 *   override dataReceived(data: Uint8Array) {
 *     this.transport.write(data)
 *   }
 * }
 * ```
 */
export class Protocol implements IProtocol {
  /** The connection; there is none before `connectionMade`. */
  transport!: IStreamTransport
  /** Whether there is a connection; an override of `connectionLost` calls the base's to keep it right. */
  connected = false
  /** What built the protocol; set by `Factory`. */
  factory: IProtocolFactory | undefined = undefined

  /** Called by the port or connector; subclasses fill `connectionMade` instead. */
  makeConnection(transport: IStreamTransport): void {
    this.connected = true
    this.transport = transport
    this.connectionMade()
  }

  /** The connection stands; `transport` is there. */
  connectionMade(): void {}

  /** Bytes have come, in chunks of any size. */
  dataReceived(_data: Uint8Array): void {}

  /** The connection is gone; a clean end is a `ConnectionDone`. */
  connectionLost(_reason: Error): void {
    this.connected = false
  }
}
