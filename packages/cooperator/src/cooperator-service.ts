/**
 * A cooperator that runs while its service does.
 *
 * **Source:** Twisted, `twisted/application/internet.py`, `CooperatorService`.
 * **Differs:** `running` is true; clock, slice and scheduler can be chosen; a stop waits for what tasks wait for.
 *
 * @module
 */
import type { Description, Fact } from '@sennit/interfaces'
import { type HookContext, Service, type ServiceOptions } from '@sennit/service'
import { Cooperator, type CooperatorOptions, type TaskOptions } from './cooperator.ts'

/** Options of a `CooperatorService`. */
export interface CooperatorServiceOptions
  extends ServiceOptions, Omit<CooperatorOptions, 'started' | 'clock' | 'log'> {}

/** How many tasks are described one by one. */
const DESCRIBED = 100

/**
 * Works on tasks while it runs: those that are added before the first start wait for it; a stop fails all that there are.
 *
 * @example
 * ```ts
 * import { CooperatorService } from '@sennit/cooperator'
 *
 * const work = new CooperatorService()
 * await work.startService()
 * const task = work.cooperate(['a', 'b', 'c'].values(), { name: 'letters' })
 * await task.whenDone({ timeout: '1s' })
 * await work.stopService()
 * ```
 */
export class CooperatorService extends Service {
  readonly #cooperator: Cooperator
  /** `Cooperator.cooperate` */
  readonly cooperate: Cooperator['cooperate']
  /** `Cooperator.coiterate` */
  readonly coiterate: Cooperator['coiterate']

  /**
   * @throws CooperatorOptionError (`ERR_SENNIT_COOPERATOR_OPTION`) when something is no function
   * @throws DurationError (`ERR_SENNIT_DURATION`) when a length of time is no duration
   */
  constructor(options: CooperatorServiceOptions = {}) {
    super(options)
    const { terminationPredicateFactory, scheduler, slice, longStep } = options
    this.#cooperator = new Cooperator({
      terminationPredicateFactory,
      scheduler,
      slice,
      longStep,
      started: false,
    })
    const cooperate = (work: never, task?: TaskOptions) => this.#inherited().cooperate(work, task)
    const coiterate = (work: never, task?: TaskOptions) => this.#inherited().coiterate(work, task)
    this.cooperate = cooperate as Cooperator['cooperate']
    this.coiterate = coiterate as Cooperator['coiterate']
  }

  /** A snapshot of the service and, up to a hundred, of its tasks. */
  override describe(): Description {
    const children = this.#cooperator.tasks.slice(0, DESCRIBED).map((task) => task.describe())
    return { ...super.describe(), children }
  }

  protected override onStart({ context }: HookContext): void {
    this.#inherited(context).start()
  }

  protected override onStop({ signal }: HookContext): void | Promise<void> {
    return this.#cooperator.stop({ signal })
  }

  /** The cooperator, with the clock and the log that the service has; a task may be waited for, and stopped, before the start. */
  #inherited({ clock, log }: HookContext['context'] = this.context): Cooperator {
    this.#cooperator.clock = clock
    this.#cooperator.log = log
    return this.#cooperator
  }

  protected override facts(): Readonly<Record<string, Fact>> {
    const states = { ready: 0, waiting: 0, paused: 0 }
    const { tasks, work } = this.#cooperator
    for (const { state } of tasks) if (state in states) states[state as keyof typeof states]++
    return { tasks: tasks.length, ...states, ...work, longestStepTask: work.longestStepTask ?? null }
  }
}
