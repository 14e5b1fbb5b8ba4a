/**
 * A service that listens while it runs.
 *
 * Source: Twisted, `twisted/application/internet.py`, what `_AbstractServer` and `StreamServerEndpointService` have in common.
 * Differs: a start waits for the port, and rejects when there is none; nothing is served before the service itself has
 * started; a second privileged start joins the first; it can be started again; the port can be seen.
 *
 * @module
 */
import type {
  Fact,
  IAddress,
  IInspectable,
  IListeningPort,
  IServiceContext,
  ListenOptions,
} from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { acquire } from '@sennit/runtime/internal'
import { ServiceNotListeningError } from './errors.ts'
import type { HookContext, ServiceOptions } from './options.ts'
import { splitOptions } from './split-options.ts'
import { VolatileDataService } from './volatile-data-service.ts'

/** Options of a `ListeningService`: of the service, and of its `listen`, without what the service gives by itself. */
export type ListeningServiceOptions<O extends ListenOptions = ListenOptions> = ServiceOptions &
  Omit<O, 'held' | 'signal' | 'context'>

/**
 * Listens while it runs: binds in the privileged start, serves from the start on, drains and closes when it stops.
 *
 * `O` are the options of what it listens with.
 *
 * @example
 * ```ts
 * class Doorbell extends ListeningService<TCPListenOptions> {
 *   protected listen({ reactor }: IServiceContext, options: TCPListenOptions) {
 *     return requireRole<IReactorTCP>(reactor, 'IReactorTCP', ['listenTCP']).listenTCP(0, bell, options)
 *   }
 * }
 * await new Doorbell({ interface: '127.0.0.1' }).startService()
 * ```
 */
export abstract class ListeningService<O extends ListenOptions = ListenOptions> extends VolatileDataService {
  readonly #options: object
  #port: IListeningPort | undefined

  /**
   * @param options - of the service; what else there is goes to `listen`
   * @throws ServiceOptionError (`ERR_SENNIT_SERVICE_OPTION`) when an option of the service is not what it must be
   */
  constructor(options: ListeningServiceOptions<O>) {
    const { service, rest } = splitOptions(options)
    super(service)
    this.#options = rest
  }

  /**
   * Makes the port.
   *
   * @param context - what the service inherited; its reactor may be just a clock when none is installed
   * @param options - to be passed on as they are: the port is held, and the signal gives it up
   */
  protected abstract listen(context: IServiceContext, options: O): Promise<IListeningPort>

  /** The port, from the privileged start to the stop. */
  get port(): IListeningPort | undefined {
    return this.#port
  }

  /**
   * Where it listens; the real port when 0 was asked for.
   *
   * @throws ServiceNotListeningError (`ERR_SENNIT_NOT_LISTENING`) when it does not
   */
  getHost(): IAddress {
    if (!this.#port) throw new ServiceNotListeningError()
    return this.#port.getHost()
  }

  protected override async onPrivilegedStart({ signal, context }: HookContext): Promise<void> {
    const { clock, log } = context
    const given = { ...this.#options, held: true, signal, context } as unknown as O
    const listening = this.listen(context, given)
    this.#port = await acquire(listening, (port) => port.stopListening(), { signal, clock, log })
  }

  protected override onStart(hook: HookContext): void | Promise<void> {
    if (this.#port) this.#port.serve()
    else return this.#listenAndServe(hook)
  }

  async #listenAndServe(hook: HookContext): Promise<void> {
    await this.onPrivilegedStart(hook)
    try {
      this.#port?.serve()
    } catch (error) {
      // No stop follows on a start that has failed by itself.
      await this.onStop()
      throw error
    }
  }

  protected override onStop(): void | Promise<void> {
    const port = this.#port
    this.#port = undefined
    return port?.stopListening()
  }

  protected override facts(): Readonly<Record<string, Fact>> {
    const port = this.#port
    if (!port) return {}
    const address = port.getHost().toString()
    return hasRole<IInspectable>(port, ['describe']) ? { address, ...port.describe().facts } : { address }
  }
}
