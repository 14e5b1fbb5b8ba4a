/**
 * A protocol's transport over TCP.
 *
 * Source: Twisted, `twisted/internet/tcp.py`, `Connection`, `_TLSConnectionMixin` apart.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { Duration, ITCPOptions } from '@sennit/interfaces'
import { type InternetAddress, internetAddress } from '@sennit/protocol'
import { keepAliveDelay } from './keep-alive.ts'
import type { Probing } from './late-keep-alive.ts'
import type { PeerAddress } from './peer-address.ts'
import { SocketTransport, type TransportOwner } from './socket-transport.ts'

/** One TCP connection, as its protocol sees it. */
export class TCPTransport extends SocketTransport implements ITCPOptions, Probing {
  readonly #peer: PeerAddress
  #host: InternetAddress | undefined
  #isProbingChosen = false

  constructor(socket: Socket, owner: TransportOwner, peer: PeerAddress) {
    super(socket, owner)
    this.#peer = peer
  }

  /**
   * The address of the other side. The system is asked for it by the first call: after the connection is gone, one that was
   * never asked for has an empty host.
   */
  getPeer(): InternetAddress {
    return this.#peer.value
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

/** The address of this side of a connection. */
export function localAddress({ localAddress: host = '', localPort = 0 }: Socket): InternetAddress {
  return internetAddress('TCP', host, localPort)
}
