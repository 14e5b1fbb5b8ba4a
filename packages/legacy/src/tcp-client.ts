/**
 * A service around `reactor.connectTCP`.
 *
 * Source: Twisted, `twisted/application/internet.py`, `TCPClient`.
 * Differs: further arguments are options.
 *
 * @module
 */
import type { IClientFactory, IReactorTCP, TCPConnectOptions } from '@sennit/interfaces'
import { AbstractClient, type ClientOptions } from './abstract-client.ts'

/** Options of a `TCPClient`: of the service, and of `connectTCP`. */
export type TCPClientOptions = ClientOptions<TCPConnectOptions>

/**
 * Connects by TCP when it starts, and disconnects when it stops.
 *
 * @example
 * ```ts
 * const client = new TCPClient('127.0.0.1', 2003, new CarbonFactory(), { timeout: '5s' })
 * await client.startService()
 * ```
 */
export class TCPClient extends AbstractClient<IReactorTCP['connectTCP']> {
  /**
   * @param host - a name or an IP address
   * @param factory - builds the protocol, and is told what becomes of the connection
   * @param options - of the service; what else there is goes to `connectTCP`
   */
  constructor(host: string, port: number, factory: IClientFactory, options: TCPClientOptions = {}) {
    super('TCP', factory, (each) => [host, port, each], options)
  }
}
