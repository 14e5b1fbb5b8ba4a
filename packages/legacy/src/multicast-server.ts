/**
 * A service around `reactor.listenMulticast`.
 *
 * Source: Twisted, `twisted/application/internet.py`, `MulticastServer`.
 * Differs: further arguments are options.
 *
 * @module
 */
import type {
  IDatagramProtocol,
  IMulticastScope,
  IMulticastTransport,
  IReactorMulticast,
  MulticastListenOptions,
} from '@sennit/interfaces'
import type { ListeningServiceOptions } from '@sennit/service'
import { AbstractServer } from './abstract-server.ts'

/** Options of a `MulticastServer`: of the service, and of `listenMulticast`. */
export type MulticastServerOptions = ListeningServiceOptions<MulticastListenOptions>

/**
 * Takes datagrams at a UDP port while it runs; its protocol's transport can join groups. It is for clients too.
 *
 * @example
 * ```ts
 * class Discovery extends DatagramProtocol<IMulticastTransport> {
 *   override startProtocol() {
 *     void this.transport.joinGroup('239.255.255.250')
 *   }
 * }
 * const discovery = new MulticastServer(1900, new Discovery(), { listenMultiple: true })
 * await discovery.startService()
 * ```
 */
export class MulticastServer extends AbstractServer<IReactorMulticast['listenMulticast']> {
  /**
   * @param port - 0 picks a free one
   * @param protocol - takes the datagrams, and joins the groups
   * @param options - of the service; what else there is goes to `listenMulticast`
   */
  constructor(
    port: number,
    protocol: IDatagramProtocol<IMulticastTransport & IMulticastScope>,
    options: MulticastServerOptions = {},
  ) {
    super('Multicast', [port, protocol], options)
  }
}
