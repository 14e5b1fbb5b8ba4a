/**
 * Shares the event loop among tasks that do their work in steps.
 *
 * **Source:** Twisted, `twisted/internet/task.py`, `Cooperator`.
 * **Differs:** asynchronous iterators are taken too; a stop fails every task and lets each clean up; the failure of a task that nobody
 * waits for is logged; the clock is read only now and then where the steps are cheap.
 *
 * @module
 */
import type { Duration, ILog, IReactorTime } from '@sennit/interfaces'
import { defaultLog, maybeGlobalReactor, toSeconds } from '@sennit/runtime'
import { CooperativeTask } from './cooperative-task.ts'
import { CooperatorOptionError } from './errors.ts'
import { Ring } from './ring.ts'
import { type CooperatorWork, Slice } from './slice.ts'
import { type AnyIterator, sourceOf } from './source.ts'
import { TaskCore, type TaskOwner } from './task-core.ts'

/** Calls a tick soon, once; what it returns takes that back. */
export type Scheduler = (tick: () => void) => { cancel(): void }

/** Is asked after every step whether the tick is to end. */
export type TerminationPredicate = () => boolean

/** Options of a `Cooperator`. */
export interface CooperatorOptions {
  /**
   * Makes a predicate for each tick, which is asked after every step whether the tick is to end.
   *
   * @defaultValue a tick ends after a slice of time
   */
  readonly terminationPredicateFactory?: (() => TerminationPredicate) | undefined
  /** Brings about the next tick. @defaultValue the next turn of the clock */
  readonly scheduler?: Scheduler | undefined
  /** Whether it runs from the beginning. @defaultValue true */
  readonly started?: boolean | undefined
  /** How long a tick lasts; unless a predicate says so. @defaultValue '10ms' */
  readonly slice?: Duration | undefined
  /** Warns of a task with a step that takes longer; `Infinity` warns of none. @defaultValue the slice */
  readonly longStep?: Duration | undefined
  /** @defaultValue the process's reactor */
  readonly clock?: IReactorTime | undefined
  /** @defaultValue warnings and errors to stderr */
  readonly log?: ILog | undefined
}

/** Options of a task. */
export interface TaskOptions {
  /** Names the task in the log and in descriptions. @defaultValue its number */
  readonly name?: string | undefined
}

/** Options of `Cooperator.stop`. */
export interface CooperatorStopOptions {
  /** Gives up waiting for what tasks wait for. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Shares the event loop among tasks that do their work in steps, fairly, and leaves room for everything else.
 *
 * A task is an iterator, as a rule a generator: each `yield` is a point where others may run. A promise that is yielded is waited for.
 *
 * @example
 * ```ts
 * import { Cooperator } from '@sennit/cooperator'
 *
 * function* sum(numbers: Iterable<number>) {
 *   let total = 0
 *   for (const number of numbers) yield (total += number)
 *   console.log(total)
 * }
 * const cooperator = new Cooperator()
 * await cooperator.coiterate(sum([1, 2, 3]))
 * ```
 */
export class Cooperator {
  /** The clock to run on; `undefined` means the process's reactor. */
  clock: IReactorTime | undefined
  /** Where failures and long steps are told. */
  log: ILog
  readonly #predicateFactory: (() => TerminationPredicate) | undefined
  readonly #scheduler: Scheduler
  readonly #slice: Slice
  readonly #owner: TaskOwner
  readonly #ring: Ring<TaskCore>
  /** Tasks that wait or are paused. */
  readonly #parked: Set<TaskCore> = new Set()
  /** Tasks that are over, but still clean up. */
  readonly #closing: Set<Promise<unknown>> = new Set()
  /** Tasks that waited when the cooperator was stopped. */
  readonly #doomed: Set<TaskCore> = new Set()
  /** Who waits for the end of these. */
  #ended: (() => void)[] = []
  #phase: 'new' | 'running' | 'stopped' = 'new'
  #call: { cancel(): void } | undefined = undefined
  #ticking = false
  #made = 0

  /**
   * @throws CooperatorOptionError (`ERR_SENNIT_COOPERATOR_OPTION`) when something is no function
   * @throws DurationError (`ERR_SENNIT_DURATION`) when a length of time is no duration
   */
  constructor({
    terminationPredicateFactory,
    scheduler,
    started = true,
    slice = '10ms',
    longStep = slice,
    clock,
    log = defaultLog,
  }: CooperatorOptions = {}) {
    for (const [name, value] of Object.entries({ terminationPredicateFactory, scheduler }))
      if (value !== undefined && typeof value !== 'function')
        throw new CooperatorOptionError('make a cooperator', name, 'a function', value)
    this.clock = clock
    this.log = log
    this.#predicateFactory = terminationPredicateFactory
    this.#scheduler = scheduler ?? ((tick) => this.#owner.clock.callLater(0, tick))
    this.#slice = new Slice(toSeconds(slice, 'slice'), toSeconds(longStep, 'longStep'))
    this.#owner = this.#makeOwner()
    this.#ring = new Ring(new TaskCore('', sourceOf([]), this.#owner))
    if (started) this.start()
  }

  /** Whether it was started, and not stopped since. */
  get running(): boolean {
    return this.#phase === 'running'
  }

  /** The tasks that are not over. */
  get tasks(): readonly CooperativeTask[] {
    return [...this.#ring, ...this.#parked].map((core) => core.task!)
  }

  /** What it has done since it was made, for tasks that are over, too. */
  get work(): CooperatorWork {
    return this.#slice.work
  }

  /**
   * Begins to work on a task.
   *
   * @param work - an iterator such as a generator, or an iterable, synchronous or not. It is drawn from until its end; items are ignored,
   * but a promise is waited for, and its failure is the task's. When the task is stopped, the iterator is closed (`return`)
   * @throws CooperatorOptionError (`ERR_SENNIT_COOPERATOR_OPTION`) when it is neither
   */
  cooperate<I extends AnyIterator>(work: I, options?: TaskOptions): CooperativeTask<I>
  cooperate<T>(work: Iterable<T>, options?: TaskOptions): CooperativeTask<Iterator<T>>
  cooperate<T>(work: AsyncIterable<T>, options?: TaskOptions): CooperativeTask<AsyncIterator<T>>
  cooperate(work: unknown, options?: TaskOptions): CooperativeTask {
    return this.#begin(work, options).task!
  }

  #begin(work: unknown, { name }: TaskOptions = {}): TaskCore {
    const source = sourceOf(work)
    this.#made++
    const core = new TaskCore(name ?? `task ${this.#made}`, source, this.#owner)
    core.task = new CooperativeTask(core)
    if (this.#phase === 'stopped') core.abandon()
    else this.#ready(core)
    return core
  }

  /**
   * Works on a task that nobody needs to pause or stop. A failure is logged as well, since nobody has to await the promise.
   *
   * @returns a promise of the iterator, when the work is done
   * @throws what the work throws, as a rejection
   * @throws SchedulerStopped (`ERR_SENNIT_SCHEDULER_STOPPED`), as a rejection, when the cooperator is stopped before
   */
  coiterate<I extends AnyIterator>(work: I, options?: TaskOptions): Promise<I>
  coiterate<T>(work: Iterable<T>, options?: TaskOptions): Promise<Iterator<T>>
  coiterate<T>(work: AsyncIterable<T>, options?: TaskOptions): Promise<AsyncIterator<T>>
  coiterate(work: unknown, options?: TaskOptions): Promise<AnyIterator> {
    const result = this.#begin(work, options).result()
    result.catch(() => {})
    return result
  }

  /** Begins, or begins again, to run tasks. */
  start(): void {
    this.#phase = 'running'
    this.#schedule()
  }

  /**
   * Stops all tasks: each fails with `SchedulerStopped`, and so does each that is added from now on. A task that waits for a promise
   * fails when that has settled.
   *
   * @returns a promise when a task waits for something or cleans up; it settles when all are over, and never rejects
   */
  stop({ signal }: CooperatorStopOptions = {}): void | Promise<void> {
    this.#phase = 'stopped'
    for (const task of [...this.#ring, ...this.#parked]) {
      task.abandon()
      if (!task.isOver) this.#doomed.add(task)
    }
    if (this.#allEnded) return undefined
    return this.#waitForEnd(signal)
  }

  /** Stops all tasks, and waits for their end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  get #allEnded(): boolean {
    return this.#doomed.size === 0 && this.#closing.size === 0
  }

  async #waitForEnd(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const giveUp = () => {
        for (const task of this.#doomed) task.abandon(true)
        ended()
      }
      const ended = () => {
        signal?.removeEventListener('abort', giveUp)
        resolve()
      }
      this.#ended.push(ended)
      if (signal?.aborted) giveUp()
      else signal?.addEventListener('abort', giveUp)
    })
  }

  #tellEnded(): void {
    if (!this.#allEnded) return
    const ended = this.#ended
    this.#ended = []
    for (const each of ended) each()
  }

  readonly #tick = (): void => {
    this.#call = undefined
    // A scheduler may call a tick that was taken back, or in the midst of another.
    if (this.#ring.empty || this.#ticking) return
    this.#ticking = true
    try {
      if (this.#predicateFactory === undefined) this.#slice.run(this.#ring, this.#owner.clock, this.log)
      else this.#runUntil(this.#predicateFactory())
    } finally {
      this.#ticking = false
      this.#schedule()
    }
  }

  #runUntil(isOver: TerminationPredicate): void {
    const ring = this.#ring
    const { clock } = this.#owner
    do {
      const task = ring.next()
      ring.turn(task)
      const began = clock.seconds()
      task.step()
      this.#slice.measured(task, clock.seconds() - began, this.log)
    } while (!isOver() && !ring.empty)
  }

  /** Sees to the next tick, if there is something to do. */
  #schedule(): void {
    if (this.#ticking || this.#call !== undefined || this.#phase !== 'running' || this.#ring.empty) return
    const call: { cancel?: unknown } | undefined = this.#scheduler(this.#tick)
    if (typeof call?.cancel !== 'function')
      throw new CooperatorOptionError(
        'schedule a tick',
        'scheduler',
        'a function that returns what has cancel()',
        call,
      )
    this.#call = call as { cancel(): void }
  }

  #cancel(): void {
    const call = this.#call
    this.#call = undefined
    call?.cancel()
  }

  #ready(task: TaskCore): void {
    this.#parked.delete(task)
    this.#ring.add(task)
    this.#schedule()
  }

  #left(task: TaskCore): void {
    this.#ring.remove(task)
    if (this.#ring.empty) this.#cancel()
  }

  #makeOwner(): TaskOwner {
    const clock = () => this.clock ?? maybeGlobalReactor()
    const log = () => this.log
    const slice = this.#slice
    return {
      get clock() {
        return clock()
      },
      get log() {
        return log()
      },
      get cheapStep() {
        return slice.meanStep
      },
      inTurn: (task) => this.#ticking && this.#ring.current === task,
      ready: (task) => this.#ready(task),
      parked: (task) => {
        this.#left(task)
        this.#parked.add(task)
      },
      over: (task) => {
        this.#left(task)
        this.#parked.delete(task)
        this.#doomed.delete(task)
        this.#tellEnded()
      },
      closing: (promise) => {
        this.#closing.add(promise)
        void promise.then(() => {
          this.#closing.delete(promise)
          this.#tellEnded()
        })
      },
    }
  }
}
