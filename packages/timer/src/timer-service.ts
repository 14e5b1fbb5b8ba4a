/**
 * A service that calls a function at every point of a grid of time.
 *
 * **Source:** Twisted, `twisted/application/internet.py`, `TimerService`.
 * **Differs:** a run that fails is logged and the timer goes on, unless told otherwise; the function is given a signal and how many
 * points were missed; a timer can be paused, triggered, and aligned to the time of day; the step is checked when the service is made.
 *
 * @module
 */
import type { Duration, Fact, Seconds } from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'
import { type HookContext, Service, type ServiceOptions } from '@sennit/service'
import { TimerOptionError } from './errors.ts'
import { Ticker, type TimerFunction } from './ticker.ts'
import type { TimerRun } from './timer-run.ts'
import { settingsOf, type TimerOptions } from './timer-settings.ts'

/** Options of a `TimerService`. */
export interface TimerServiceOptions<A extends readonly unknown[] | [] = []>
  extends ServiceOptions, TimerOptions {
  /** What the function is called with, before the run. @defaultValue [] */
  readonly args?: A | undefined
}

/**
 * Calls a function every `step`.
 *
 * Runs never overlap: while a promise that the function returned is pending, points of the grid are missed, and counted. The grid does
 * not drift: its points are `start + n * step`, however late a run is. A stop waits for the run in progress.
 *
 * @example
 * ```ts
 * import { TimerService } from '@sennit/timer'
 *
 * const seen: number[] = []
 * const timer = new TimerService('20ms', ({ missed }) => {
 *   seen.push(missed)
 * })
 * await timer.startService() // runs at once
 * await timer.stopService()
 * ```
 */
export class TimerService<A extends readonly unknown[] | [] = []> extends Service {
  readonly #ticker: Ticker
  #step: Seconds

  /**
   * @param step - how long it is from one point of the grid to the next; 0 means once in every turn of the clock
   * @param f - is given the arguments, then the run
   * @throws DurationError (`ERR_SENNIT_DURATION`) when the step or the grace is negative or no duration
   * @throws TimerOptionError (`ERR_SENNIT_TIMER_OPTION`) when another option is not what it must be
   */
  constructor(
    step: Duration,
    f: (...args: [...A, TimerRun]) => unknown,
    options: TimerServiceOptions<A> = {},
  ) {
    super(options)
    if (typeof f !== 'function') throw new TimerOptionError('make a timer', 'f', 'a function', f)
    this.#step = toSeconds(step, 'step')
    this.#ticker = new Ticker(this, f as TimerFunction, options.args, settingsOf(options))
    this.#checkAlignment()
  }

  /** Seconds from one point of the grid to the next. A change holds from the next start on. */
  get step(): Seconds {
    return this.#step
  }

  set step(step: Duration) {
    this.#step = toSeconds(step, 'step')
    this.#checkAlignment()
  }

  /** Whether no point of the grid brings a run at present. */
  get paused(): boolean {
    return this.#ticker.paused
  }

  /** Has no more runs until `resume()`; the one in progress goes on. A paused timer still runs when it is triggered. */
  pause(): void {
    this.#ticker.pause()
  }

  /** Goes on at the next point of the grid. What passed during the pause does not count as missed. */
  resume(): void {
    this.#ticker.resume()
  }

  /**
   * Runs now, beside the grid. When a run is in progress, one more follows it, for all who asked meanwhile.
   *
   * @returns a promise that settles with the run. Nobody has to await it.
   * @throws what the run threw, as a rejection; `onError` holds as well
   * @throws NotRunningError (`ERR_SENNIT_NOT_RUNNING`), as a rejection, when the service is not running
   * @throws CancelledError (`ABORT_ERR`), as a rejection, when the service is stopped before the run
   */
  trigger(): Promise<void> {
    return this.#ticker.trigger()
  }

  protected override onStart({ context }: HookContext): void {
    this.#ticker.start(context.clock, this.#step)
  }

  protected override onStop(hook: HookContext): void | Promise<void> {
    return this.#ticker.stop(hook)
  }

  protected override facts(): Readonly<Record<string, Fact>> {
    const { wallClock, history, paused, nextRun, began, clock } = this.#ticker
    const { runs, missed, errors, lastBegan, lastTook } = history
    const present = clock?.seconds() ?? 0
    const byWall = (time: Seconds) => wallClock.now() + time - present
    return {
      step: this.#step,
      runs,
      missed,
      errors,
      paused,
      lastRun: Number.isNaN(lastBegan) ? null : byWall(lastBegan),
      runTime: Number.isNaN(lastTook) ? null : lastTook,
      nextRun: nextRun === undefined ? null : byWall(nextRun),
      inProgressFor: began === undefined ? null : present - began,
    }
  }

  #checkAlignment(): void {
    if (this.#ticker.settings.aligned && !(this.#step > 0 && this.#step < Infinity))
      throw new TimerOptionError('align a timer', 'step', 'more than 0, and finite', this.#step)
  }
}
