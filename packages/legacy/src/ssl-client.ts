/**
 * A service around `reactor.connectSSL`.
 *
 * Source: Twisted, `twisted/application/internet.py`, `SSLClient`.
 * Differs: options with Node's names take the place of a context factory; further arguments are options.
 *
 * @module
 */
import type { IClientFactory, IReactorSSL, SSLConnectOptions, TLSClientOptions } from '@sennit/interfaces'
import { AbstractClient, type ClientOptions } from './abstract-client.ts'

/** Options of an `SSLClient`: of the service, and of `connectSSL`. */
export type SSLClientOptions = ClientOptions<SSLConnectOptions>

/**
 * Connects by TLS when it starts, and disconnects when it stops.
 *
 * @example
 * ```ts
 * const client = new SSLClient('carbon.example', 2004, new CarbonFactory(), { ca }, { timeout: '5s' })
 * await client.startService()
 * ```
 */
export class SSLClient extends AbstractClient<IReactorSSL['connectSSL']> {
  /**
   * @param host - a name or an IP address
   * @param factory - builds the protocol, once the handshake is done, and is told what becomes of the connection
   * @param tls - whom the client trusts, and how it speaks; the certificate must be for the host unless told otherwise
   * @param options - of the service; what else there is goes to `connectSSL`
   */
  constructor(
    host: string,
    port: number,
    factory: IClientFactory,
    tls: TLSClientOptions = {},
    options: SSLClientOptions = {},
  ) {
    super('SSL', factory, (each) => [host, port, each, tls], options)
  }
}
