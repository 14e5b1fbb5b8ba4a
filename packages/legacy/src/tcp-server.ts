/**
 * A service around `reactor.listenTCP`.
 *
 * Source: Twisted, `twisted/application/internet.py`, `TCPServer`.
 * Differs: further arguments are options.
 *
 * @module
 */
import type {
  ConnectionHandler,
  IListeningPort,
  IReactorTCP,
  IServiceContext,
  ListenOptions,
  TCPListenOptions,
} from '@sennit/interfaces'
import { reactorWith } from '@sennit/reactor'
import type { ServiceOptions } from '@sennit/service'
import { AbstractServer } from './abstract-server.ts'
import { splitOptions } from './split-options.ts'

/** Options of a `TCPServer`: of the service, and of `listenTCP`. */
export interface TCPServerOptions
  extends ServiceOptions, Omit<TCPListenOptions, 'held' | 'signal' | 'context'> {}

/**
 * Listens at a TCP port while it runs.
 *
 * @example
 * ```ts
 * const echo = new TCPServer(0, handler((socket) => pipeline(socket, socket)), { interface: '127.0.0.1' })
 * await echo.startService()
 * ```
 */
export class TCPServer extends AbstractServer {
  readonly #number: number
  readonly #handler: ConnectionHandler
  readonly #options: TCPListenOptions

  /**
   * @param port - 0 picks a free one
   * @param handler - what serves the connections
   * @param options - of the service; what else there is goes to `listenTCP`
   */
  constructor(port: number, handler: ConnectionHandler, options: TCPServerOptions = {}) {
    const { service, rest } = splitOptions(options)
    super(service)
    this.#number = port
    this.#handler = handler
    this.#options = rest
  }

  protected override listen({ reactor }: IServiceContext, options: ListenOptions): Promise<IListeningPort> {
    return reactorWith<IReactorTCP>(reactor, 'IReactorTCP', ['listenTCP']).listenTCP(
      this.#number,
      this.#handler,
      {
        ...this.#options,
        ...options,
      },
    )
  }
}
