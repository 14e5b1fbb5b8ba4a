/**
 * The reactor's role for datagrams over UNIX sockets, and the roles of those who talk over them.
 *
 * Source: Twisted, `twisted/internet/interfaces.py`, `IReactorUNIXDatagram`, `IUNIXDatagramTransport`,
 * `IUNIXDatagramConnectedTransport`; `twisted/internet/protocol.py`, `ConnectedDatagramProtocol`.
 *
 * @module
 */
import type { IAddress } from './address.ts'
import type { IListeningPort, ListenOptions } from './listening.ts'
import type { IDatagramProtocol } from './udp.ts'

/** The address of a UNIX socket. */
export interface IPathAddress extends IAddress {
  /** The path of the socket's file; empty when it has none. */
  readonly path: string
}

/** A UNIX datagram port, as its protocol sees it. */
export interface IUNIXDatagramTransport {
  /**
   * Sends one datagram to the socket at a path, without waiting.
   *
   * @throws MessageLengthError when it is longer than 65,535 bytes
   */
  write(datagram: Uint8Array, path: string): void
  getHost(): IPathAddress
  stopListening(): void | Promise<void>
}

/** A UNIX datagram socket with a fixed peer, as its protocol sees it. */
export interface IUNIXDatagramConnectedTransport {
  /**
   * Sends one datagram to the peer, without waiting.
   *
   * @throws MessageLengthError when it is longer than 65,535 bytes
   */
  write(datagram: Uint8Array): void
  getHost(): IPathAddress
  getPeer(): IPathAddress
  stopListening(): void | Promise<void>
}

/** What happens with the datagrams of a socket with a fixed peer. */
export interface IConnectedDatagramProtocol<T = IUNIXDatagramConnectedTransport> {
  /** The socket is there. */
  makeConnection(transport: T): void
  /** A datagram has come from the peer. */
  datagramReceived(datagram: Uint8Array): void
  /** The socket could not be made, or the peer could not be reached. */
  connectionFailed(error: Error): void
  doStart(): void
  doStop(): void
}

/** What `connectUNIXDatagram` returns. */
export interface IDatagramConnector {
  /** Closes the socket. Calling it again joins. */
  disconnect(): void | Promise<void>
  /** The peer. */
  getDestination(): IPathAddress
}

/** Options of `listenUNIXDatagram`. Such a socket always keeps the process alive: what there is for Node cannot do otherwise. */
export interface UNIXDatagramListenOptions extends Omit<ListenOptions, 'unref'> {
  /** The longest datagram that is taken, in bytes; what is longer is dropped and counted. @defaultValue 8192 */
  readonly maxPacketSize?: number | undefined
  /** Who may send: the mode of the socket's file. @defaultValue 0o660 */
  readonly mode?: number | undefined
}

/** Options of `connectUNIXDatagram`. */
export interface UNIXDatagramConnectOptions extends Omit<UNIXDatagramListenOptions, 'held'> {
  /** The path of this side, at which the peer can answer. @defaultValue none */
  readonly bindAddress?: string | undefined
}

/** UNIX sockets that carry datagrams. */
export interface IReactorUNIXDatagram {
  /**
   * Receives datagrams at a path of at most 107 bytes.
   *
   * @throws CannotListenError (as a rejection)
   */
  listenUNIXDatagram(
    path: string,
    protocol: IDatagramProtocol<IUNIXDatagramTransport, IPathAddress>,
    options?: UNIXDatagramListenOptions,
  ): Promise<IListeningPort>
  /** Sends to a path. What goes wrong is told to the protocol, by `connectionFailed`. */
  connectUNIXDatagram(
    path: string,
    protocol: IConnectedDatagramProtocol,
    options?: UNIXDatagramConnectOptions,
  ): IDatagramConnector
}
