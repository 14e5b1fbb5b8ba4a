/**
 * A protocol's transport over a UNIX socket.
 *
 * Source: Twisted, `twisted/internet/unix.py`, `Server`, `Client`.
 * Differs: no descriptors are sent, since Node cannot.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { IAddress } from '@sennit/interfaces'
import { UNIXAddress } from '@sennit/protocol'
import type { ConnectionKind } from './connection-kind.ts'
import { SocketTransport, type TransportOwner } from './socket-transport.ts'

/** One connection over a UNIX socket, as its protocol sees it. */
export class UNIXTransport extends SocketTransport {
  readonly #host: UNIXAddress
  readonly #peer: UNIXAddress

  constructor(socket: Socket, owner: TransportOwner, host: UNIXAddress, peer: UNIXAddress) {
    super(socket, owner)
    this.#host = host
    this.#peer = peer
  }

  /** The address of the other side; that of a client has an empty path. */
  getPeer(): UNIXAddress {
    return this.#peer
  }

  getHost(): UNIXAddress {
    return this.#host
  }
}

/** The address of a side that has no path. */
export const UNNAMED: UNIXAddress = new UNIXAddress('')

/** Connections over UNIX sockets. */
export class UNIXConnections implements ConnectionKind {
  readonly #host: UNIXAddress

  /** @param host - the address of this side */
  constructor(host: UNIXAddress) {
    this.#host = host
  }

  readonly peer = (): UNIXAddress => UNNAMED

  readonly host = (): UNIXAddress => this.#host

  readonly transport = (socket: Socket, owner: TransportOwner, peer: IAddress): UNIXTransport =>
    new UNIXTransport(socket, owner, this.#host, peer as UNIXAddress)
}
