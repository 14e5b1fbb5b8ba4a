/**
 * A service around `reactor.listenTCP`.
 *
 * Source: Twisted, `twisted/application/internet.py`, `TCPServer`.
 * Differs: further arguments are options.
 *
 * @module
 */
import type { ConnectionHandler, IReactorTCP, TCPListenOptions } from '@sennit/interfaces'
import type { ListeningServiceOptions } from '@sennit/service'
import { AbstractServer } from './abstract-server.ts'

/** Options of a `TCPServer`: of the service, and of `listenTCP`. */
export type TCPServerOptions = ListeningServiceOptions<TCPListenOptions>

/**
 * Listens at a TCP port while it runs.
 *
 * @example
 * ```ts
 * const echo = new TCPServer(0, handler((socket) => pipeline(socket, socket)), { interface: '127.0.0.1' })
 * await echo.startService()
 * ```
 */
export class TCPServer extends AbstractServer<IReactorTCP['listenTCP']> {
  /**
   * @param port - 0 picks a free one
   * @param handler - what serves the connections
   * @param options - of the service; what else there is goes to `listenTCP`
   */
  constructor(port: number, handler: ConnectionHandler, options: TCPServerOptions = {}) {
    super('TCP', [port, handler], options)
  }
}
