/**
 * Roles for sockets that somebody else has opened, and for those that a process is started with.
 *
 * Source: Twisted, `twisted/internet/interfaces.py`, `IReactorSocket`; `twisted/python/systemd.py`, `ListenFDs`.
 * Differs: the reactor takes the descriptor over, because Node cannot duplicate one; inherited sockets are a role.
 *
 * @module
 */
import type { ConnectionHandler } from './handler.ts'
import type { IListeningPort, StreamListenOptions } from './listening.ts'
import type { IProtocol, IProtocolFactory } from './protocol.ts'
import type { IStreamTransport } from './transport.ts'
import type { IDatagramProtocol, UDPListenOptions } from './udp.ts'

/** What kind of addresses a socket has. */
export type SocketFamily = 'INET' | 'INET6' | 'UNIX'

/** Takes open sockets over. */
export interface IReactorSocket {
  /**
   * Serves a stream socket that listens already.
   *
   * @param fd - its descriptor, the reactor's from here on, unless it rejects
   * @throws UnsupportedAddressFamily, UnsupportedSocketType, CannotListenError (as a rejection)
   */
  adoptStreamPort(
    fd: number,
    family: SocketFamily,
    handler: ConnectionHandler,
    options?: StreamListenOptions,
  ): Promise<IListeningPort>
  /**
   * Serves a stream socket that is connected; the factory's `doStart` and `doStop` are not called.
   *
   * @throws UnsupportedAddressFamily, UnsupportedSocketType
   */
  adoptStreamConnection(
    fd: number,
    family: SocketFamily,
    factory: IProtocolFactory<IProtocol>,
  ): IStreamTransport | undefined
  /**
   * Receives the datagrams of a UDP socket that is bound.
   *
   * @throws UnsupportedAddressFamily, UnsupportedSocketType, CannotListenError (as a rejection)
   */
  adoptDatagramPort(
    fd: number,
    family: SocketFamily,
    protocol: IDatagramProtocol,
    options?: Omit<UDPListenOptions, 'interface'>,
  ): Promise<IListeningPort>
}

/** A socket that a process was started with. */
export interface InheritedSocket {
  readonly fd: number
  /** The name that the service manager gave it; empty when it gave none. */
  readonly name: string
}

/** Knows what the process was started with. */
export interface IInheritedSockets {
  /** What the service manager handed over, in its order; always the same list. */
  inheritedSockets(): readonly InheritedSocket[]
}
