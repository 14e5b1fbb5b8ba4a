/**
 * A service around `reactor.connectTCP`.
 *
 * Source: Twisted, `twisted/application/internet.py`, `TCPClient`.
 * Differs: further arguments are options.
 *
 * @module
 */
import type {
  ConnectOptions,
  IClientFactory,
  IConnector,
  IReactorTCP,
  IServiceContext,
  TCPConnectOptions,
} from '@sennit/interfaces'
import { reactorWith } from '@sennit/reactor'
import { AbstractClient, type AbstractClientOptions } from './abstract-client.ts'
import { splitOptions } from './split-options.ts'

/** Options of a `TCPClient`: of the service, and of `connectTCP`. */
export interface TCPClientOptions
  extends AbstractClientOptions, Omit<TCPConnectOptions, 'signal' | 'context'> {}

/**
 * Connects by TCP when it starts, and disconnects when it stops.
 *
 * @example
 * ```ts
 * const client = new TCPClient('127.0.0.1', 2003, new CarbonFactory(), { timeout: '5s' })
 * await client.startService()
 * ```
 */
export class TCPClient extends AbstractClient {
  readonly #host: string
  readonly #port: number
  readonly #options: TCPConnectOptions

  /**
   * @param host - a name or an IP address
   * @param factory - builds the protocol, and is told what becomes of the connection
   * @param options - of the service; what else there is goes to `connectTCP`
   */
  constructor(host: string, port: number, factory: IClientFactory, options: TCPClientOptions = {}) {
    const { closeTimeout, ...others } = options
    const { service, rest } = splitOptions(others)
    super(factory, { ...service, closeTimeout })
    this.#host = host
    this.#port = port
    this.#options = rest
  }

  protected override connect(
    { reactor }: IServiceContext,
    factory: IClientFactory,
    options: ConnectOptions,
  ): IConnector {
    return reactorWith<IReactorTCP>(reactor, 'IReactorTCP', ['connectTCP']).connectTCP(
      this.#host,
      this.#port,
      factory,
      { ...this.#options, ...options },
    )
  }
}
