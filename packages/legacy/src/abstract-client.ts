/**
 * What the wrappers of the reactor's connect calls have in common.
 *
 * Source: Twisted, `twisted/application/internet.py`, `_AbstractClient`.
 * Differs: a second start does not connect twice; stopping waits until the connection is gone, and a factory cannot connect
 * again after it.
 *
 * @module
 */
import type { ConnectOptions, Duration, Fact, IClientFactory, IConnector, Seconds } from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'
import { type HookContext, type ServiceOptions, VolatileDataService } from '@sennit/service'
import { splitOptions } from '@sennit/service/internal'
import { ClientConnection } from './client-connection.ts'
import { type ArgumentsOf, callReactor, type OptionsOf, type ReactorMethod } from './reactor-method.ts'

/** A connect call of a reactor: arguments, one of them the factory, then options. */
export type ConnectMethod = ReactorMethod<IConnector>

/** Options of every client. */
export interface AbstractClientOptions extends ServiceOptions {
  /** How long stopping waits for the connection to close before it cuts it. @defaultValue '5s' */
  readonly closeTimeout?: Duration | undefined
}

/** Options of a client: of the service, and of its connect call, without what the service gives by itself. */
export type ClientOptions<O> = AbstractClientOptions &
  Omit<O, keyof Pick<ConnectOptions, 'signal' | 'context'>>

/**
 * Connects once when it starts, by a connect call of the reactor, and disconnects when it stops. It does not wait for the
 * connection, and does not connect again by itself; a `ClientService` does. `M` is the type of the call.
 *
 * @example
 * ```ts
 * class QUICClient extends AbstractClient<IReactorQUIC['connectQUIC']> {
 *   constructor(host: string, port: number, factory: IClientFactory, options: ServiceOptions & QUICOptions = {}) {
 *     super('QUIC', factory, (each) => [host, port, each], options) // reactor.connectQUIC(host, port, factory, options)
 *   }
 * }
 * ```
 */
export abstract class AbstractClient<M extends ConnectMethod = ConnectMethod> extends VolatileDataService {
  readonly #suffix: string
  readonly #factory: IClientFactory
  readonly #argsWith: (factory: IClientFactory) => readonly unknown[]
  readonly #options: object
  readonly #closeTimeout: Seconds
  #connection: ClientConnection | undefined

  /**
   * @param suffix - what the name of the call ends with, such as `'TCP'` for `connectTCP`
   * @param factory - builds the protocol, and is told what becomes of the connection
   * @param argsWith - what the call is given before the options, with the factory that it is to be given
   * @param options - of the service; what else there is goes to the call
   * @throws ServiceOptionError (`ERR_SENNIT_SERVICE_OPTION`) when an option of the service is not what it must be
   * @throws DurationError (`ERR_SENNIT_DURATION`) when the timeout is none
   */
  constructor(
    suffix: string,
    factory: IClientFactory,
    argsWith: (factory: IClientFactory) => ArgumentsOf<M>,
    options: ClientOptions<OptionsOf<M>>,
  ) {
    const { closeTimeout = 5, ...others } = options as AbstractClientOptions
    const { service, rest } = splitOptions(others)
    super(service)
    this.#suffix = suffix
    this.#factory = factory
    this.#argsWith = argsWith
    this.#options = rest
    this.#closeTimeout = toSeconds(closeTimeout, 'closeTimeout')
  }

  /** The connector, from the start to the stop. */
  get connector(): IConnector | undefined {
    return this.#connection
  }

  protected override onStart({ context }: HookContext): void {
    const suffix = this.#suffix
    const connection = new ClientConnection(this.#factory, context)
    const args = this.#argsWith(connection) as ArgumentsOf<M>
    const options = { ...this.#options, context } as unknown as OptionsOf<M>
    const role = `IReactor${suffix}`
    connection.begun(callReactor<M>(context.reactor, role, `connect${suffix}`, args, options))
    this.#connection = connection
  }

  protected override onStop({ context }: HookContext): void | Promise<void> {
    const connection = this.#connection
    this.#connection = undefined
    let ended = (): void => {}
    connection?.stop(() => ended())
    if (!connection?.inUse) return undefined
    return new Promise((resolve) => {
      const timer = context.clock.callLater(this.#closeTimeout, () => {
        if (connection.abort()) return
        context.log.warn({ path: this.path }, 'A connection has not closed in time, and cannot be cut')
        resolve()
      })
      ended = () => {
        if (timer.active()) timer.cancel()
        resolve()
      }
    })
  }

  protected override facts(): Readonly<Record<string, Fact>> {
    const connection = this.#connection
    if (!connection) return {}
    return { destination: connection.getDestination().toString(), connected: connection.connected }
  }
}
