/**
 * The reactor's role for UDP, and the roles of a datagram protocol and its transport.
 *
 * Source: Twisted, `twisted/internet/interfaces.py`, `IReactorUDP`, `IUDPTransport`; `twisted/internet/protocol.py`, `DatagramProtocol`.
 *
 * @module
 */
import type { IHostPort } from './address.ts'
import type { IListeningPort, ListenOptions } from './listening.ts'

/** A UDP port, as its protocol sees it. */
export interface IUDPTransport {
  /**
   * Sends one datagram, without waiting. An address must have an IP literal; without one the connected peer is meant.
   *
   * @throws MessageLengthError when it is too long for UDP
   * @throws InvalidAddressError when the host is a name or of the wrong family
   */
  write(datagram: Uint8Array, address?: { readonly host: string; readonly port: number }): void
  /**
   * Fixes the peer: only its datagrams arrive, and `write` needs no address.
   *
   * @param host - an IP literal
   */
  connect(host: string, port: number): void
  /** Where it listens. */
  getHost(): IHostPort
  /** Closes the port. */
  stopListening(): void | Promise<void>
}

/** What happens with the datagrams of one port. */
export interface IDatagramProtocol<T = IUDPTransport, A = IHostPort> {
  /** The port is bound and serves. */
  makeConnection(transport: T): void
  /** A datagram has come. */
  datagramReceived(datagram: Uint8Array, from: A): void
  /** The connected peer said that nobody listens there. */
  connectionRefused(): void
  /** One more port uses the protocol. */
  doStart(): void
  /** One fewer uses it. */
  doStop(): void
}

/** Options of `listenUDP`. */
export interface UDPListenOptions extends ListenOptions {
  /** The local address; empty means all of IPv4. @defaultValue '' */
  readonly interface?: string | undefined
  /** The longest datagram that is taken, in bytes; what is longer is dropped and counted. @defaultValue 8192 */
  readonly maxPacketSize?: number | undefined
}

/** UDP ports. */
export interface IReactorUDP {
  /**
   * Listens on a port; 0 picks a free one.
   *
   * @throws CannotListenError (as a rejection)
   */
  listenUDP(port: number, protocol: IDatagramProtocol, options?: UDPListenOptions): Promise<IListeningPort>
}
