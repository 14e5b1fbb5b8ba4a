/**
 * What the wrappers of the reactor's listen calls have in common.
 *
 * Source: Twisted, `twisted/application/internet.py`, `_AbstractServer`.
 * Differs: a subclass makes the call itself; a start waits for the port, and rejects when there is none; nothing is served
 * before the service itself has started; a second privileged start joins the first.
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
import type { HookContext } from '@sennit/service'
import { ServiceNotListeningError } from './errors.ts'
import { VolatileDataService } from './volatile-data-service.ts'

/**
 * Listens while it runs: binds in the privileged start, serves from the start on, closes when it stops.
 *
 * @example
 * ```ts
 * class UNIXServer extends AbstractServer {
 *   protected listen({ reactor }: IServiceContext, options: ListenOptions) {
 *     return requireRole<IReactorUNIX>(reactor, 'IReactorUNIX', ['listenUNIX']).listenUNIX(path, handler, options)
 *   }
 * }
 * ```
 */
export abstract class AbstractServer extends VolatileDataService {
  #port: IListeningPort | undefined

  /**
   * Makes the reactor's call.
   *
   * @param context - what the service inherited; its reactor may be just a clock when none is installed
   * @param options - to be passed on, beside the service's own
   */
  protected abstract listen(context: IServiceContext, options: ListenOptions): Promise<IListeningPort>

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
    const listening = this.listen(context, { held: true, signal, context })
    this.#port = await acquire(listening, (port) => port.stopListening(), { signal, clock, log })
  }

  protected override onStart(hook: HookContext): void | Promise<void> {
    if (this.#port) this.#port.serve()
    else return this.onPrivilegedStart(hook).then(() => this.#port?.serve())
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
