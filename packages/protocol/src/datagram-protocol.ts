/**
 * The base class of what happens with datagrams.
 *
 * Source: Twisted, `twisted/internet/protocol.py`, `AbstractDatagramProtocol`, `DatagramProtocol`.
 *
 * @module
 */
import type { IDatagramProtocol, IHostPort, IUDPTransport } from '@sennit/interfaces'

/**
 * What happens with the datagrams of a port; subclasses fill the hooks.
 *
 * @example
 * ```ts
 * class Echo extends DatagramProtocol {
 *   override datagramReceived(datagram: Uint8Array, from: IHostPort) {
 *     this.transport.write(datagram, from)
 *   }
 * }
 * ```
 */
export class DatagramProtocol implements IDatagramProtocol {
  /** The port; there is none before `startProtocol`. */
  transport!: IUDPTransport
  #uses = 0

  /** Called by the port once it serves; it counts the port in (`doStart`). Subclasses fill `startProtocol` instead. */
  makeConnection(transport: IUDPTransport): void {
    this.transport = transport
    this.doStart()
  }

  /** Called by `makeConnection`. */
  doStart(): void {
    if (this.#uses === 0) this.startProtocol()
    this.#uses++
  }

  /** Called by the port when it is closed. */
  doStop(): void {
    if (this.#uses === 0) return
    this.#uses--
    if (this.#uses === 0) this.stopProtocol()
  }

  /** The port serves; `transport` is there. */
  startProtocol(): void {}

  /** The port is closed. */
  stopProtocol(): void {}

  /** A datagram has come. */
  datagramReceived(_datagram: Uint8Array, _from: IHostPort): void {}

  /** The connected peer said that nobody listens there. */
  connectionRefused(): void {}
}
