/**
 * A service around `reactor.connectUNIX`.
 *
 * Source: Twisted, `twisted/application/internet.py`, `UNIXClient`.
 * Differs: further arguments are options.
 *
 * @module
 */
import type { IClientFactory, IReactorUNIX, UNIXConnectOptions } from '@sennit/interfaces'
import { AbstractClient, type ClientOptions } from './abstract-client.ts'

/** Options of a `UNIXClient`: of the service, and of `connectUNIX`. */
export type UNIXClientOptions = ClientOptions<UNIXConnectOptions>

/**
 * Connects to a UNIX socket when it starts, and disconnects when it stops.
 *
 * @example
 * ```ts
 * const client = new UNIXClient('/run/relay/control.sock', new AdminFactory(), { timeout: '5s' })
 * await client.startService()
 * ```
 */
export class UNIXClient extends AbstractClient<IReactorUNIX['connectUNIX']> {
  /**
   * @param path - of the socket's file
   * @param factory - builds the protocol, and is told what becomes of the connection
   * @param options - of the service; what else there is goes to `connectUNIX`
   */
  constructor(path: string, factory: IClientFactory, options: UNIXClientOptions = {}) {
    super('UNIX', factory, (each) => [path, each], options)
  }
}
