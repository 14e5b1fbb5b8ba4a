/**
 * A service around `reactor.listenSSL`.
 *
 * Source: Twisted, `twisted/application/internet.py`, `SSLServer`.
 * Differs: options with Node's names take the place of a context factory; further arguments are options.
 *
 * @module
 */
import type { ConnectionHandler, IReactorSSL, SSLListenOptions, TLSServerOptions } from '@sennit/interfaces'
import type { ListeningServiceOptions } from '@sennit/service'
import { AbstractServer } from './abstract-server.ts'

/** Options of an `SSLServer`: of the service, and of `listenSSL`. */
export type SSLServerOptions = ListeningServiceOptions<SSLListenOptions>

/**
 * Listens at a TCP port for TLS while it runs.
 *
 * @example
 * ```ts
 * const echo = new SSLServer(0, handler((socket) => pipeline(socket, socket)), { key, cert }, { interface: '127.0.0.1' })
 * await echo.startService()
 * ```
 */
export class SSLServer extends AbstractServer<IReactorSSL['listenSSL']> {
  /**
   * @param port - 0 picks a free one
   * @param handler - what serves the connections, once their handshake is done
   * @param tls - what the server proves itself with, and how it speaks
   * @param options - of the service; what else there is goes to `listenSSL`
   */
  constructor(
    port: number,
    handler: ConnectionHandler,
    tls: TLSServerOptions,
    options: SSLServerOptions = {},
  ) {
    super('SSL', [port, handler, tls], options)
  }
}
