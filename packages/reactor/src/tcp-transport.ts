/**
 * A protocol's transport over TCP.
 *
 * Source: Twisted, `twisted/internet/tcp.py`, `Connection`, `_TLSConnectionMixin` apart.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { Duration, IAddress, ITCPOptions } from '@sennit/interfaces'
import { type InternetAddress, internetAddress } from '@sennit/protocol'
import type { ConnectionKind } from './connection-kind.ts'
import { keepAliveDelay } from './keep-alive.ts'
import type { LateKeepAlive, Probing } from './late-keep-alive.ts'
import { itself, PeerAddress } from './peer-address.ts'
import { SocketTransport, type TransportOwner } from './socket-transport.ts'

/** One TCP connection, as its protocol sees it. */
export class TCPTransport extends SocketTransport implements ITCPOptions, Probing {
  readonly #peer: PeerAddress | InternetAddress
  #host: InternetAddress | undefined
  /** @internal */ youngSeat = -1
  #isProbingChosen = false

  constructor(socket: Socket, owner: TransportOwner, peer: PeerAddress | InternetAddress) {
    super(socket, owner)
    this.#peer = peer
  }

  /**
   * The address of the other side. The system is asked for it by the first call: after the connection is gone, one that was
   * never asked for has an empty host.
   */
  getPeer(): InternetAddress {
    return itself(this.#peer) as InternetAddress
  }

  /** The address of this side, of which the same is true. */
  getHost(): InternetAddress {
    return (this.#host ??= localAddress(this.socket))
  }

  setTcpNoDelay(enabled: boolean): void {
    this.socket.setNoDelay(enabled)
  }

  setTcpKeepAlive(budget: Duration | false): void {
    const delay = keepAliveDelay(budget)
    this.#isProbingChosen = true
    this.socket.setKeepAlive(delay !== undefined, delay)
  }

  /** Does what the port says, unless `setTcpKeepAlive` has said something else. @internal */
  startProbing(delay: number): void {
    if (!this.#isProbingChosen) this.socket.setKeepAlive(true, delay)
  }
}

/** Connections over TCP. */
export class TCPConnections implements ConnectionKind {
  readonly #keepAlive: LateKeepAlive | undefined

  /** @param keepAlive - for those that get a transport */
  constructor(keepAlive?: LateKeepAlive) {
    this.#keepAlive = keepAlive
  }

  readonly peer = (socket: Socket): PeerAddress => new PeerAddress(socket)

  readonly host = (socket: Socket): InternetAddress => localAddress(socket)

  readonly transport = (socket: Socket, owner: TransportOwner, peer: IAddress): TCPTransport => {
    const transport = new TCPTransport(socket, owner, peer as PeerAddress | InternetAddress)
    this.#keepAlive?.add(transport)
    return transport
  }

  readonly lost = (transport: SocketTransport): void => {
    this.#keepAlive?.delete(transport as TCPTransport)
  }
}

/** The address of this side of a connection. */
function localAddress({ localAddress: host = '', localPort = 0 }: Socket): InternetAddress {
  return internetAddress('TCP', host, localPort)
}
