/**
 * What the base classes for datagrams share: the transport, and the count of those that use the protocol.
 *
 * Source: Twisted, `twisted/internet/protocol.py`, `AbstractDatagramProtocol`.
 *
 * @module
 */

/** Counts the ports that use it, and starts with the first and stops with the last; subclasses fill the hooks. */
export abstract class AbstractDatagramProtocol<T> {
  /** The port; there is none before `startProtocol`. */
  transport!: T
  #uses = 0

  /** Called by the port once it serves; it counts the port in (`doStart`). Subclasses fill `startProtocol` instead. */
  makeConnection(transport: T): void {
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
}
