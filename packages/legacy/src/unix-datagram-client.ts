/**
 * A service around `reactor.connectUNIXDatagram`.
 *
 * Source: Twisted, `twisted/application/internet.py`, `UNIXDatagramClient`.
 * Differs: further arguments are options; stopping waits until the socket is closed.
 *
 * @module
 */
import type {
  Fact,
  IConnectedDatagramProtocol,
  IDatagramConnector,
  IReactorUNIXDatagram,
  UNIXDatagramConnectOptions,
} from '@sennit/interfaces'
import { type HookContext, type ListeningServiceOptions, VolatileDataService } from '@sennit/service'
import { splitOptions } from '@sennit/service/internal'
import { callReactor } from './reactor-method.ts'

/** Options of a `UNIXDatagramClient`: of the service, and of `connectUNIXDatagram`. */
export type UNIXDatagramClientOptions = ListeningServiceOptions<UNIXDatagramConnectOptions>

/**
 * Sends datagrams to a UNIX socket while it runs. There is no connection that could be lost: the protocol is told when the
 * peer could not be reached.
 *
 * @example
 * ```ts
 * const client = new UNIXDatagramClient('/run/relay/log.sock', new JournalClient(), { bindAddress: '/run/relay/reply.sock' })
 * await client.startService()
 * ```
 */
export class UNIXDatagramClient extends VolatileDataService {
  readonly #path: string
  readonly #protocol: IConnectedDatagramProtocol
  readonly #options: object
  #connector: IDatagramConnector | undefined

  /**
   * @param path - of the peer's file
   * @param protocol - sends, takes what comes back, and is told what goes wrong
   * @param options - of the service; what else there is goes to `connectUNIXDatagram`
   */
  constructor(path: string, protocol: IConnectedDatagramProtocol, options: UNIXDatagramClientOptions = {}) {
    const { service, rest } = splitOptions(options)
    super(service)
    this.#path = path
    this.#protocol = protocol
    this.#options = rest
  }

  /** The connector, from the start to the stop. */
  get connector(): IDatagramConnector | undefined {
    return this.#connector
  }

  protected override onStart({ context }: HookContext): void {
    this.#connector = callReactor<IReactorUNIXDatagram['connectUNIXDatagram']>(
      context.reactor,
      'IReactorUNIXDatagram',
      'connectUNIXDatagram',
      [this.#path, this.#protocol],
      { ...this.#options, context },
    )
  }

  protected override onStop(): void | Promise<void> {
    const connector = this.#connector
    this.#connector = undefined
    return connector?.disconnect()
  }

  protected override facts(): Readonly<Record<string, Fact>> {
    return this.#connector ? { destination: this.#connector.getDestination().toString() } : {}
  }
}
