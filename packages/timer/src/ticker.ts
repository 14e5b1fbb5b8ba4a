/**
 * The machine of a timer: when to run, how to stop.
 *
 * | state    | event             | next          |                                                                 |
 * |----------|-------------------|---------------|-----------------------------------------------------------------|
 * | idle     | `start`           | waiting       | the grid begins; with `now` the first run is inside the start   |
 * | waiting  | the next point    | running       |                                                                 |
 * | waiting  | `trigger`         | running       | the grid stays as it is                                         |
 * | waiting  | `stop`            | idle          |                                                                 |
 * | running  | the run succeeded | waiting       | for the first point that is in the future                       |
 * | running  | the run failed    | waiting, idle | as `onError` says                                               |
 * | running  | a point           | running       | missed                                                          |
 * | running  | `trigger`         | running       | one more run after this one, in a turn of its own               |
 * | running  | `stop`            | stopping      | the run's signal is aborted after the grace                     |
 * | stopping | the run is over   | idle          | a failure is only logged                                        |
 * | stopping | `start`           | running       | the old run goes on, and none overlaps it                       |
 * | any      | `pause`           | same          | until `resume` no point brings a run, but a trigger does        |
 *
 * @module
 */
import type { IDelayedCall, IReactorTime, IService, IWallClock, Seconds } from '@sennit/interfaces'
import { CancelledError, channels } from '@sennit/runtime'
import { asError, isThenable, tell, wallClockOf } from '@sennit/runtime/internal'
import type { HookContext, Service } from '@sennit/service'
import { NotRunningError } from './errors.ts'
import { nextPoint } from './grid.ts'
import { keepAlive, type Tick, TickQueue } from './tick-queue.ts'
import { Run } from './timer-run.ts'
import type { TimerSettings } from './timer-settings.ts'
import { makeWaiter, type Waiter } from './waiter.ts'

const { timerRun } = channels

/** The service that a machine belongs to. */
export type TickerOwner = Pick<Service, 'context' | 'path' | 'fail' | 'stopService'>

/** Takes the arguments, then the run. */
export type TimerFunction = (...args: readonly unknown[]) => unknown

/** How much early by the time of day a run may come: the two clocks are read one after the other, and both round. */
const TOLERANCE: Seconds = 0.002

/** Promises that are rarely there. */
interface Waits {
  /** Who triggered the run in progress. */
  run?: Waiter | undefined
  /** Who triggered one more after it. */
  oneMore?: Waiter | undefined
  /** Who stopped the timer during a run. */
  stop?: Waiter | undefined
}

/** What a timer has done and is doing; it is made at the first need, so that timers that only wait are small. */
class Work {
  run: Run | undefined = undefined
  /** A call in the next turn: for the step 0, and for one more run. */
  soon: IDelayedCall | undefined = undefined
  waits: Waits | undefined = undefined
  paused = false
  runs = 0
  missed = 0
  errors = 0
  /** When the last run began, on the clock. */
  lastBegan: Seconds = NaN
  /** How long the last run took that is over. */
  lastTook: Seconds = NaN
}

/** What those have done who have not run yet. */
const NOTHING: Readonly<Work> = new Work()

/** What a timer has done until now. */
type History = Readonly<Pick<Work, 'runs' | 'missed' | 'errors' | 'lastBegan' | 'lastTook'>>

/** The machine of one timer. */
export class Ticker implements Tick {
  place = -1
  /** Which start it was, of all of the clock. */
  order = 0
  /** Seconds between two points of the grid, from the start on. */
  step: Seconds = 0
  readonly settings: TimerSettings
  readonly #owner: TickerOwner
  readonly #f: TimerFunction
  #work: Work | undefined
  #queue: TickQueue | undefined
  #phase: 'idle' | 'starting' | 'started' = 'idle'
  /** Point 0 of the grid, on the clock; that of an aligned grid is in 1970, and measured anew for each run. */
  #start: Seconds = 0
  /** The last point that had its run, or counts as if it had. */
  #last = 0
  #next = 0

  constructor(
    owner: TickerOwner,
    f: TimerFunction,
    args: readonly unknown[] | undefined,
    settings: TimerSettings,
  ) {
    this.#owner = owner
    this.#f = args === undefined || args.length === 0 ? f : f.bind(undefined, ...args)
    this.settings = settings
  }

  /** What it has done until now. */
  get history(): History {
    return this.#done
  }

  /** Whether no point of the grid brings a run at present. */
  get paused(): boolean {
    return this.#done.paused
  }

  get #done(): Readonly<Work> {
    return this.#work ?? NOTHING
  }

  /** The same, to be changed. */
  get #doing(): Work {
    return (this.#work ??= new Work())
  }

  get keepsAlive(): boolean {
    return !this.settings.unref
  }

  /** The clock of the last start. */
  get clock(): IReactorTime | undefined {
    return this.#queue?.clock
  }

  /** The time of day. */
  get wallClock(): IWallClock {
    return this.settings.wallClock ?? wallClockOf(this.#owner.context.reactor)
  }

  /** When the next run is due, on the clock. */
  get nextRun(): Seconds | undefined {
    if (this.place >= 0) return this.#queue!.due(this)
    return this.#work?.soon?.getTime()
  }

  /** When the run in progress began, on the clock. */
  get began(): Seconds | undefined {
    return this.#work?.run?.began
  }

  start(clock: IReactorTime, step: Seconds): void {
    if (this.#queue?.clock !== clock) this.#queue = TickQueue.of(clock)
    this.order = this.#queue!.nextOrder()
    const now = clock.seconds()
    this.step = step
    this.#start = now
    this.#last = 0
    if (this.settings.aligned) {
      this.#align(now)
      this.#last = Math.floor((now - this.#start) / step)
    }
    this.#phase = 'starting'
    if (this.settings.now && !this.paused && this.#done.run === undefined) this.#perform(new Run(0, now, now))
    else this.#schedule(now)
    if (this.#phase === 'starting') this.#phase = 'started'
  }

  /** Returns a promise only when there is a run to wait for; it never rejects. */
  stop(hook: HookContext): void | Promise<void> {
    this.#end()
    const work = this.#work
    const run = work?.run
    if (run === undefined) return
    run.outlived = true
    const { stopGrace } = this.settings
    const { signal } = hook
    const hurry = () => run.abort(signal.reason)
    const overdue = () => run.abort(new CancelledError('The timer is being stopped'))
    const grace = stopGrace === Infinity ? undefined : this.clock!.callLater(stopGrace, overdue)
    if (signal.aborted) hurry()
    else signal.addEventListener('abort', hurry)
    const waits = (work!.waits ??= {})
    waits.stop ??= makeWaiter()
    return waits.stop.promise.then(() => {
      if (grace?.active()) grace.cancel()
      signal.removeEventListener('abort', hurry)
    })
  }

  pause(): void {
    this.#doing.paused = true
    this.#queue?.remove(this)
    if (this.#work?.waits?.oneMore === undefined) this.#cancelSoon()
  }

  /** What has passed meanwhile does not count as missed. */
  resume(): void {
    if (!this.paused) return
    this.#doing.paused = false
    if (this.#phase === 'idle') return
    const now = this.clock!.seconds()
    if (this.settings.aligned) this.#align(now)
    if (this.step > 0) this.#last = Math.max(this.#last, Math.floor((now - this.#start) / this.step))
    this.#schedule(now)
  }

  /** Runs now, or once more when a run is in progress; settles with that run. Nobody has to await it. */
  trigger(): Promise<void> {
    const waiter = makeWaiter()
    if (this.#phase === 'idle') {
      waiter.reject(new NotRunningError('trigger a timer'))
      return waiter.promise
    }
    const work = this.#doing
    const waits = (work.waits ??= {})
    if (work.run !== undefined) {
      waits.oneMore ??= waiter
      return waits.oneMore.promise
    }
    waits.run = waiter
    this.#performNow()
    return waiter.promise
  }

  tick(now: Seconds): Seconds {
    const { step } = this
    if (this.settings.aligned) {
      this.#align(now)
      // Somebody may have set the clock back while this waited.
      if (this.#point(this.#next) > now + TOLERANCE) {
        this.#schedule(now)
        return now
      }
    }
    const point = Math.max(Math.floor((now - this.#start) / step), this.#next)
    const missed = point - this.#last - 1
    this.#last = point
    if (missed > 0) this.#doing.missed += missed
    return this.#perform(new Run(missed, this.#point(point), now))
  }

  /** A run outside the grid. */
  #performNow(): void {
    this.#queue!.remove(this)
    const now = this.clock!.seconds()
    this.#perform(new Run(0, now, now))
  }

  /** Returns what time it is after the synchronous part. */
  #perform(run: Run): Seconds {
    const work = this.#doing
    work.run = run
    work.runs++
    work.lastBegan = run.began
    const f = this.#f
    let result: unknown
    try {
      result = f(run)
    } catch (thrown) {
      return this.#over(run, true, thrown)
    }
    if (!isThenable(result)) return this.#over(run, false, undefined)
    this.#queue!.remove(this)
    Promise.resolve(result).then(
      () => this.#over(run, false, undefined),
      (thrown: unknown) => this.#over(run, true, thrown),
    )
    return this.clock!.seconds()
  }

  #over(run: Run, failed: boolean, thrown: unknown): Seconds {
    const now = this.clock!.seconds()
    const work = this.#doing
    const took = now - run.began
    work.run = undefined
    work.lastTook = took
    const error = failed && !run.wasAbortedWith(thrown) ? asError(thrown) : undefined
    if (timerRun.hasSubscribers) this.#publish(run, took, error)
    if (work.waits !== undefined) this.#tellWaiters(work.waits, error)
    if (error !== undefined) this.#failed(run, error)
    this.#schedule(now)
    return now
  }

  #publish({ scheduledAt, began, missed }: Run, took: Seconds, error: Error | undefined): void {
    const service = this.#owner as TickerOwner & IService
    const { path } = service
    const late = began - scheduledAt
    timerRun.publish({ service, path, scheduledAt, late, took, missed, error })
  }

  #tellWaiters(waits: Waits, error: Error | undefined): void {
    const { run, stop } = waits
    waits.run = undefined
    waits.stop = undefined
    if (error === undefined) run?.resolve()
    else run?.reject(error)
    stop?.resolve()
    if (waits.oneMore !== undefined) this.#callSoon()
  }

  #failed(run: Run, error: Error): void {
    this.#doing.errors++
    const owner = this.#owner
    const { onError } = this.settings
    const say = (message: string) =>
      tell(owner.context.log, 'error', { err: error, service: owner.path }, message)
    if (run.outlived) {
      say('A run of a timer failed while the timer was being stopped')
    } else if (onError === 'continue') {
      say('A run of a timer failed; the timer goes on')
    } else if (onError === 'stop') {
      say('A run of a timer failed; the timer stops')
      this.#stopOwner()
    } else {
      this.#end()
      owner.fail(error)
    }
  }

  /** Stops the service; one that is still starting, when it has started. */
  #stopOwner(): void {
    const { order } = this
    const starting = this.#phase === 'starting'
    this.#end()
    const stop = () => {
      if (this.order !== order) return
      Promise.resolve(this.#owner.stopService()).catch((thrown: unknown) =>
        tell(
          this.#owner.context.log,
          'error',
          { err: thrown, service: this.#owner.path },
          'A timer failed to stop',
        ),
      )
    }
    if (starting) queueMicrotask(stop)
    else stop()
  }

  /** Puts an end to all that is to come. */
  #end(): void {
    this.#phase = 'idle'
    this.#queue?.remove(this)
    this.#cancelSoon()
    const waits = this.#work?.waits
    if (waits === undefined) return
    waits.oneMore?.reject(new CancelledError('The timer was stopped'))
    waits.oneMore = undefined
  }

  /** Sees to the next point, unless there is to be none now. */
  #schedule(now: Seconds): void {
    if (this.#phase === 'idle' || this.paused || this.#done.run !== undefined) return
    if (this.settings.aligned) {
      this.#align(now)
      // A clock that was set back by a little finds the points that it passes again done already; by more, it begins anew.
      const present = Math.floor((now - this.#start) / this.step)
      if (present < this.#last - 1) this.#last = present
    }
    this.#next = this.step > 0 ? nextPoint(this.#start, this.step, now, this.#last) : 0
    const due = this.#point(this.#next)
    if (due > now) {
      if (this.place >= 0) this.#queue!.postpone(this, due)
      else this.#queue!.add(this, due)
    } else {
      // The step is 0, or too small to change the time.
      this.#queue!.remove(this)
      this.#callSoon()
    }
  }

  /** When a point of the grid is, on the clock. */
  #point(point: number): Seconds {
    return this.#start + point * this.step
  }

  #align(now: Seconds): void {
    this.#start = now - this.wallClock.now()
  }

  #callSoon(): void {
    const work = this.#doing
    if (work.soon !== undefined) return
    work.soon = this.clock!.callLater(0, runSoon, this)
    if (!this.keepsAlive) keepAlive(work.soon, false)
  }

  #cancelSoon(): void {
    if (this.#work?.soon === undefined) return
    this.#work.soon.cancel()
    this.#work.soon = undefined
  }

  /** What was to be in the next turn. */
  soon(): void {
    const work = this.#doing
    work.soon = undefined
    // When a run is in progress, its end calls this again.
    if (work.run !== undefined) return
    const { waits } = work
    if (waits !== undefined) {
      waits.run = waits.oneMore
      waits.oneMore = undefined
    }
    this.#performNow()
  }
}

function runSoon(ticker: Ticker): void {
  ticker.soon()
}
