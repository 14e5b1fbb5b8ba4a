/**
 * What the wrappers of the reactor's listen calls have in common.
 *
 * Source: Twisted, `twisted/application/internet.py`, `_AbstractServer`.
 * Differs: a start waits for the port, and rejects when there is none; nothing is served before the service itself has
 * started; a second privileged start joins the first.
 *
 * @module
 */
import type { IListeningPort, IServiceContext, ListenOptions } from '@sennit/interfaces'
import { ListeningService, type ListeningServiceOptions } from '@sennit/service'
import { type ArgumentsOf, callReactor, type OptionsOf, type ReactorMethod } from './reactor-method.ts'

/** A listen call of a reactor: arguments, then options. */
export type ListenMethod = ReactorMethod<Promise<IListeningPort>>

/** The options of a listen call. */
export type ListenMethodOptions<M extends ListenMethod> = OptionsOf<M> & ListenOptions

/**
 * Listens while it runs, by a listen call of the reactor; `M` is the type of the call.
 *
 * @example
 * ```ts
 * class QUICServer extends AbstractServer<IReactorQUIC['listenQUIC']> {
 *   constructor(port: number, factory: QUICFactory, options: ServiceOptions & QUICOptions = {}) {
 *     super('QUIC', [port, factory], options) // reactor.listenQUIC(port, factory, options)
 *   }
 * }
 * ```
 */
export abstract class AbstractServer<M extends ListenMethod = ListenMethod> extends ListeningService<
  ListenMethodOptions<M>
> {
  readonly #suffix: string
  readonly #args: readonly unknown[]

  /**
   * @param suffix - what the name of the call ends with, such as `'TCP'` for `listenTCP`
   * @param args - what the call is given before the options
   * @param options - of the service; what else there is goes to the call
   * @throws ServiceOptionError (`ERR_SENNIT_SERVICE_OPTION`) when an option of the service is not what it must be
   */
  constructor(
    suffix: string,
    args: ArgumentsOf<M>,
    options: ListeningServiceOptions<ListenMethodOptions<M>>,
  ) {
    super(options)
    this.#suffix = suffix
    this.#args = args
  }

  protected override listen(
    { reactor }: IServiceContext,
    options: ListenMethodOptions<M>,
  ): Promise<IListeningPort> {
    const suffix = this.#suffix
    return callReactor<M>(
      reactor,
      `IReactor${suffix}`,
      `listen${suffix}`,
      this.#args as ArgumentsOf<M>,
      options,
    )
  }
}
