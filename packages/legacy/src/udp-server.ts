/**
 * A service around `reactor.listenUDP`.
 *
 * Source: Twisted, `twisted/application/internet.py`, `UDPServer`.
 * Differs: further arguments are options.
 *
 * @module
 */
import type {
  IDatagramProtocol,
  IListeningPort,
  IReactorUDP,
  IServiceContext,
  ListenOptions,
  UDPListenOptions,
} from '@sennit/interfaces'
import { reactorWith } from '@sennit/reactor'
import type { ServiceOptions } from '@sennit/service'
import { AbstractServer } from './abstract-server.ts'
import { splitOptions } from './split-options.ts'

/** Options of a `UDPServer`: of the service, and of `listenUDP`. */
export interface UDPServerOptions
  extends ServiceOptions, Omit<UDPListenOptions, 'held' | 'signal' | 'context'> {}

/**
 * Takes datagrams at a UDP port while it runs. It is for clients too: there is no other wrapper for UDP.
 *
 * @example
 * ```ts
 * const statsd = new UDPServer(8125, new Statsd(), { maxPacketSize: 1432 })
 * await statsd.startService()
 * ```
 */
export class UDPServer extends AbstractServer {
  readonly #number: number
  readonly #protocol: IDatagramProtocol
  readonly #options: UDPListenOptions

  /**
   * @param port - 0 picks a free one
   * @param protocol - takes the datagrams
   * @param options - of the service; what else there is goes to `listenUDP`
   */
  constructor(port: number, protocol: IDatagramProtocol, options: UDPServerOptions = {}) {
    const { service, rest } = splitOptions(options)
    super(service)
    this.#number = port
    this.#protocol = protocol
    this.#options = rest
  }

  protected override listen({ reactor }: IServiceContext, options: ListenOptions): Promise<IListeningPort> {
    return reactorWith<IReactorUDP>(reactor, 'IReactorUDP', ['listenUDP']).listenUDP(
      this.#number,
      this.#protocol,
      {
        ...this.#options,
        ...options,
      },
    )
  }
}
