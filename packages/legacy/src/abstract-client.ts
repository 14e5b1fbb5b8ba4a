/**
 * What the wrappers of the reactor's connect calls have in common.
 *
 * Source: Twisted, `twisted/application/internet.py`, `_AbstractClient`.
 * Differs: a subclass makes the call itself; a second start does not connect twice; stopping waits until the connection is
 * gone, and a factory cannot connect again after it.
 *
 * @module
 */
import type {
  ConnectOptions,
  Duration,
  Fact,
  IClientFactory,
  IConnector,
  IServiceContext,
  Seconds,
} from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'
import type { HookContext, ServiceOptions } from '@sennit/service'
import { ClientConnection } from './client-connection.ts'
import { VolatileDataService } from './volatile-data-service.ts'

/** Options of every client. */
export interface AbstractClientOptions extends ServiceOptions {
  /** How long stopping waits for the connection to close before it cuts it. @defaultValue '5s' */
  readonly closeTimeout?: Duration | undefined
}

/**
 * Connects once when it starts, and disconnects when it stops. It does not wait for the connection, and does not connect
 * again by itself; a `ClientService` does.
 */
export abstract class AbstractClient extends VolatileDataService {
  readonly #factory: IClientFactory
  readonly #closeTimeout: Seconds
  #connection: ClientConnection | undefined

  /**
   * @param factory - builds the protocol, and is told what becomes of the connection
   * @throws DurationError (`ERR_SENNIT_DURATION`) when the timeout is none
   */
  constructor(factory: IClientFactory, { closeTimeout = 5, ...options }: AbstractClientOptions = {}) {
    super(options)
    this.#factory = factory
    this.#closeTimeout = toSeconds(closeTimeout, 'closeTimeout')
  }

  /**
   * Makes the reactor's call.
   *
   * @param context - what the service inherited; its reactor may be just a clock when none is installed
   * @param factory - to be handed to the reactor
   * @param options - to be passed on, beside the service's own
   */
  protected abstract connect(
    context: IServiceContext,
    factory: IClientFactory,
    options: ConnectOptions,
  ): IConnector

  /** The connector, from the start to the stop. */
  get connector(): IConnector | undefined {
    return this.#connection
  }

  protected override onStart({ context }: HookContext): void {
    const connection = new ClientConnection(this.#factory)
    connection.begun(this.connect(context, connection, { context }))
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
