/**
 * A service around `reactor.listenUDP`.
 *
 * Source: Twisted, `twisted/application/internet.py`, `UDPServer`.
 * Differs: further arguments are options.
 *
 * @module
 */
import type { IDatagramProtocol, IReactorUDP, UDPListenOptions } from '@sennit/interfaces'
import type { ListeningServiceOptions } from '@sennit/service'
import { AbstractServer } from './abstract-server.ts'

/** Options of a `UDPServer`: of the service, and of `listenUDP`. */
export type UDPServerOptions = ListeningServiceOptions<UDPListenOptions>

/**
 * Takes datagrams at a UDP port while it runs. It is for clients too: there is no other wrapper for UDP.
 *
 * @example
 * ```ts
 * const statsd = new UDPServer(8125, new Statsd(), { maxPacketSize: 1432 })
 * await statsd.startService()
 * ```
 */
export class UDPServer extends AbstractServer<IReactorUDP['listenUDP']> {
  /**
   * @param port - 0 picks a free one
   * @param protocol - takes the datagrams
   * @param options - of the service; what else there is goes to `listenUDP`
   */
  constructor(port: number, protocol: IDatagramProtocol, options: UDPServerOptions = {}) {
    super('UDP', [port, protocol], options)
  }
}
