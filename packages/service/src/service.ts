/**
 * A service: something that is started and stopped, alone or as a part of a tree.
 *
 * Source: Twisted, `twisted/application/service.py`, `Service`.
 * Differs: a subclass fills hooks, which may be asynchronous and are never called twice or at the same time; starts and
 * stops join, have deadlines and can be given up; a failure after the start is told to the parent.
 *
 * @module
 */
import type {
  Description,
  Fact,
  IDeadlines,
  IInspectable,
  IObservable,
  IService,
  IServiceCollection,
  IServiceContext,
  Seconds,
  ServiceState,
  TransitionOptions,
} from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { describeTree } from './describe.ts'
import { ServiceNameError, ServiceParentError } from './errors.ts'
import { fail } from './failure.ts'
import type { HookTarget } from './hook.ts'
import { Lifecycle } from './lifecycle.ts'
import { inLoop } from './loop.ts'
import type { HookContext, ServiceOptions, StateListener } from './options.ts'
import { startExpected } from './rest.ts'
import { checkName, settingsOf } from './settings.ts'
import { both, transit } from './transit.ts'

const NO_OPTIONS: ServiceOptions = {}
const NO_FACTS = {}
const COLLECTION = ['addService', 'removeService', 'getServiceNamed'] as const

/** The life of a service of this copy of the package. */
export let lifecycleOf: (service: object) => Lifecycle | undefined

/**
 * Something that is started and stopped.
 *
 * A subclass fills `onPrivilegedStart`, `onStart` and `onStop`; what it can do without is left out. A hook that returns
 * nothing costs no turn of the loop: the call that led to it is over when it returns. A hook that fails cleans up after
 * itself; `onStop` is called once for a start that has succeeded, privileged or not. A privileged start of a service that has no hook
 * for it is none.
 *
 * @example
 * ```ts
 * class Beacon extends Service {
 *   #timer: IDelayedCall | undefined
 *   protected override onStart({ context }: HookContext): void {
 *     this.#timer = context.clock.callLater(60, () => context.log.info({}, 'alive'))
 *   }
 *   protected override onStop(): void {
 *     if (this.#timer?.active()) this.#timer.cancel()
 *   }
 * }
 * ```
 */
export class Service implements IService, IInspectable, IDeadlines, IObservable, AsyncDisposable {
  readonly #life: Lifecycle
  #parent: IServiceCollection | undefined = undefined

  static {
    lifecycleOf = (service) => (#life in service ? service.#life : undefined)
  }

  /**
   * @throws ServiceOptionError (`ERR_SENNIT_SERVICE_OPTION`) when an option is not what it must be
   * @throws DurationError (`ERR_SENNIT_DURATION`) when a deadline is no duration
   */
  constructor(options: ServiceOptions = NO_OPTIONS) {
    this.#life = new Lifecycle(this as unknown as HookTarget, options.name, settingsOf(options))
  }

  /** The name among its siblings. */
  get name(): string | undefined {
    return this.#life.name
  }

  /** The collection to which it belongs. */
  get parent(): IServiceCollection | undefined {
    return this.#parent
  }

  /** Whether it was started: true from the call of `startService` to that of `stopService`, or to a failure. */
  get running(): boolean {
    return this.#life.running
  }

  /** Where it is in its life, for people. Between the privileged start and the start it is `'starting'`. */
  get state(): ServiceState {
    return this.#life.state
  }

  /** When it entered its state, in seconds of wall time since 1970. */
  get since(): Seconds | undefined {
    return this.#life.sinceWhen
  }

  /** Why it failed last. */
  get lastError(): Error | undefined {
    return this.#life.lastError
  }

  /** How long its start may take, in seconds; no limit of its own when `undefined`. */
  get startTimeout(): Seconds | undefined {
    return this.#life.settings?.startTimeout
  }

  /** How long its stop may take, in seconds; no limit of its own when `undefined`. */
  get stopTimeout(): Seconds | undefined {
    return this.#life.settings?.stopTimeout
  }

  /** The names from the root down to it, such as `'app/db'`; whoever has no name is called after its class. */
  get path(): string {
    return this.#life.path
  }

  /**
   * What it inherits: its own option, else the nearest ancestor's, else the process's.
   *
   * It is taken when the service starts and stays the same until it is stopped.
   */
  get context(): IServiceContext {
    return this.#life.context
  }

  /**
   * Names the service.
   *
   * @throws ServiceNameError (`ERR_SENNIT_SERVICE_NAME`) when it has a parent
   */
  setName(name: string): void {
    checkName(name)
    if (this.#parent !== undefined) throw new ServiceNameError(this.path, name)
    this.#life.name = name
  }

  /**
   * Moves the service under a parent; away from another first, where it is stopped if it was started.
   *
   * @returns nothing when all is done, or when the parent is starting and the service waits for its turn; else a
   * promise of the stop under the old parent and of the start under the new one, which nobody has to catch
   * @throws ServiceParentError (`ERR_SENNIT_SERVICE_PARENT`) when the parent is no collection, or is below the service
   * @throws DuplicateServiceError (`ERR_SENNIT_DUPLICATE_SERVICE`) when the parent has one of that name; nothing is changed
   */
  setServiceParent(parent: IServiceCollection): void | Promise<void> {
    if (!hasRole<IServiceCollection>(parent, COLLECTION)) {
      throw new ServiceParentError('a collection of services', String(parent))
    }
    if (parent === this.#parent) return undefined
    const above = lifecycleOf(parent)
    above?.assertBelow(this.#life)
    // Whoever is refused stays where it is.
    if (this.#parent !== undefined) above?.assertAccepts(this.#life)
    const stopped = this.disownServiceParent()
    this.#parent = parent
    let started: void | Promise<void>
    try {
      started = parent.addService(this)
    } catch (error) {
      this.#parent = undefined
      throw error
    }
    return both(stopped, started)
  }

  /**
   * Takes the service away from its parent, and stops it if it was started. Without a parent nothing happens.
   *
   * @returns nothing when all is done, else a promise of the stop, which nobody has to catch
   */
  disownServiceParent(): void | Promise<void> {
    const parent = this.#parent
    if (parent === undefined) return undefined
    this.#parent = undefined
    return parent.removeService(this)
  }

  /**
   * Does what needs privileges, such as binding a low port; `running` does not change.
   *
   * @returns nothing when it is done, else a promise
   * @throws what the hook throws, as a rejection
   * @throws StartTimeoutError (`ERR_SENNIT_START_TIMEOUT`), as a rejection, when it takes too long
   * @throws CancelledError (`ABORT_ERR`), as a rejection, when the service is stopped meanwhile
   */
  privilegedStartService(options?: TransitionOptions): void | Promise<void> {
    return transit(this.#life, 'privileged', options)
  }

  /**
   * Starts the service. A second start joins the first; during a stop it waits for that.
   *
   * @param options - `signal` gives the start up and rejects with its reason when what had started is stopped;
   * `timeout` goes before the service's `startTimeout`. Whoever only joins can bound but its own waiting
   * @returns nothing when the service is started, else a promise
   * @throws what the hook throws, as a rejection
   * @throws StartTimeoutError (`ERR_SENNIT_START_TIMEOUT`), as a rejection, when it takes too long
   * @throws CancelledError (`ABORT_ERR`), as a rejection, when the service is stopped meanwhile
   */
  startService(options?: TransitionOptions): void | Promise<void> {
    return transit(this.#life, 'start', options)
  }

  /**
   * Stops the service. A second stop joins the first; a start that is under way is given up first. A service that was
   * never started is left as it is. A hook must not await the stop of its own service.
   *
   * @param options - `signal` gives up the waiting, not the stop; `timeout` goes before the service's `stopTimeout`
   * @returns nothing when the service is stopped, else a promise
   * @throws what the hook throws, as a rejection
   * @throws StopTimeoutError (`ERR_SENNIT_STOP_TIMEOUT`), as a rejection, when it takes too long
   */
  stopService(options?: TransitionOptions): void | Promise<void> {
    return transit(this.#life, 'stop', options)
  }

  /** Does what needs privileges. */
  protected onPrivilegedStart?(hook: HookContext): void | Promise<void>

  /** Starts what the service is made of. */
  protected onStart?(hook: HookContext): void | Promise<void>

  /** Stops what the service is made of. */
  protected onStop?(hook: HookContext): void | Promise<void>

  /**
   * Told when the service rests and no start of it is expected: at the end of a stop, of a start that failed or was given
   * up, and by a stop that finds nothing to do; also when that was of a service above it and would have been its own, however
   * little of it was ever started. It may be told so several times. A start that waits for a stop, here or above, comes first: then it
   * is told only if that is dropped. It may start the service.
   */
  protected onRest?(): void

  /** What paths call it when it has no name. @defaultValue the name of its class */
  protected get pathLabel(): string | undefined {
    return undefined
  }

  /** Whether a start waits or is under way: one of the service itself, or of one above it that will come to it. */
  protected get startExpected(): boolean {
    return startExpected(this.#life)
  }

  /** What `describe` tells beyond the state: how many, how long, where. */
  protected facts(): Readonly<Record<string, Fact>> {
    return NO_FACTS
  }

  /** The names of properties that are left out of the JSON form, besides `running`. */
  protected volatile(): readonly string[] {
    return []
  }

  /**
   * Tells that the service has failed after its start. It stays `'failed'` until it is stopped or started again.
   *
   * The failure is handed up until a service has an `onFailure` of its own; at the root it is logged. During the start
   * it makes the start fail.
   */
  fail(error: Error): void {
    inLoop(() => fail(this.#life, error))
  }

  /**
   * Tells a listener each state that the service enters, inside the call that changed it.
   *
   * @returns a function that takes the listener away
   */
  onStateChange(listener: StateListener<this>): () => void {
    return this.#life.listen((state) => listener(state, this))
  }

  /** A snapshot of the service and all below it. */
  describe(): Description {
    return describeTree(this.#life, Service.prototype.describe)
  }

  /** The JSON form: the name and the properties, without `running`, and without those that are volatile. */
  toJSON(): Record<string, unknown> {
    const left = new Set(['running', 'parent', ...this.volatile()])
    const kept = Object.entries(this).filter(([key]) => !left.has(key))
    return { name: this.name, ...Object.fromEntries(kept) }
  }

  /** Stops the service. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopService()
  }
}
