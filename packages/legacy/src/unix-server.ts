/**
 * A service around `reactor.listenUNIX`.
 *
 * Source: Twisted, `twisted/application/internet.py`, `UNIXServer`.
 * Differs: further arguments are options.
 *
 * @module
 */
import type { ConnectionHandler, IReactorUNIX, UNIXListenOptions } from '@sennit/interfaces'
import type { ListeningServiceOptions } from '@sennit/service'
import { AbstractServer } from './abstract-server.ts'

/** Options of a `UNIXServer`: of the service, and of `listenUNIX`. */
export type UNIXServerOptions = ListeningServiceOptions<UNIXListenOptions>

/**
 * Listens at a UNIX socket while it runs.
 *
 * @example
 * ```ts
 * const admin = new UNIXServer('/run/relay/admin.sock', handler(serveAdmin), { mode: 0o600 })
 * await admin.startService()
 * ```
 */
export class UNIXServer extends AbstractServer<IReactorUNIX['listenUNIX']> {
  /**
   * @param path - of the socket's file
   * @param handler - what serves the connections
   * @param options - of the service; what else there is goes to `listenUNIX`
   */
  constructor(path: string, handler: ConnectionHandler, options: UNIXServerOptions = {}) {
    super('UNIX', [path, handler], options)
  }
}
