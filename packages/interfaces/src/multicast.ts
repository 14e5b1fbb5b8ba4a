/**
 * The reactor's role for multicast, and what a multicast port can do besides what a UDP port can.
 *
 * Source: Twisted, `twisted/internet/interfaces.py`, `IReactorMulticast`, `IMulticastTransport`.
 * Differs: what can be set about sending is a role of its own.
 *
 * @module
 */
import type { IListeningPort } from './listening.ts'
import type { IDatagramProtocol, IUDPTransport, UDPListenOptions } from './udp.ts'

/** Receives what is sent to groups. */
export interface IMulticastTransport extends IUDPTransport {
  /**
   * Receives what is sent to a group from now on.
   *
   * @param group - an IP literal from 224.0.0.0 to 239.255.255.255, or in `ff00::/8`
   * @param networkInterface - the address of an interface of this machine, or, for IPv6, its name after `%`
   * @throws MulticastJoinError (as a rejection)
   */
  joinGroup(group: string, networkInterface?: string): Promise<void>
  /**
   * Receives it no more.
   *
   * @throws MulticastJoinError (as a rejection)
   */
  leaveGroup(group: string, networkInterface?: string): Promise<void>
  /** The interface that datagrams to groups leave by; empty for the system's choice. */
  getOutgoingInterface(): string
  /**
   * Chooses that interface by its address, or, for IPv6, by its name after `%`.
   *
   * @throws InvalidAddressError when no interface has it
   */
  setOutgoingInterface(address: string): void
}

/** How far datagrams to groups go. */
export interface IMulticastScope {
  /** How many routers a datagram to a group may pass; 1 stays in the local network. */
  getTTL(): number
  /**
   * @param ttl - 0 to 255
   * @throws ReactorOptionError
   */
  setTTL(ttl: number): void
  /** Whether datagrams to groups also come to ports of this machine. */
  getLoopbackMode(): boolean
  setLoopbackMode(enabled: boolean): void
}

/** Options of `listenMulticast`. */
export interface MulticastListenOptions extends UDPListenOptions {
  /** Lets other programs listen on the same port. @defaultValue false */
  readonly listenMultiple?: boolean | undefined
}

/** UDP ports that can join groups. */
export interface IReactorMulticast {
  /**
   * Listens on a port; the protocol's transport can join groups.
   *
   * @throws CannotListenError (as a rejection)
   */
  listenMulticast(
    port: number,
    protocol: IDatagramProtocol<IMulticastTransport & IMulticastScope>,
    options?: MulticastListenOptions,
  ): Promise<IListeningPort>
}
