/**
 * What the connections of one family of sockets have of their own.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { IAddress } from '@sennit/interfaces'
import type { SocketTransport, TransportOwner } from './socket-transport.ts'

/** The addresses of connections, and the transports over them. */
export interface ConnectionKind {
  /** The address of the other side. It may be one that asks the system when it is read. */
  readonly peer: (socket: Socket) => IAddress
  /** The address of this side. */
  readonly host: (socket: Socket) => IAddress
  /** @param peer - what `peer` gave, or where a connector has led to */
  readonly transport: (socket: Socket, owner: TransportOwner, peer: IAddress) => SocketTransport
  /** Told when a connection is gone for which there was a transport. */
  readonly lost?: ((transport: SocketTransport) => void) | undefined
}
