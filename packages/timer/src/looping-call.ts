/**
 * A function that is called again and again, in the original's way: it ends at the first failure.
 *
 * A chain is what one `start` sets going. Its states:
 *
 * | state   | event                        | next                     |                                         |
 * |---------|------------------------------|--------------------------|-----------------------------------------|
 * | waiting | the delayed call is due      | calling                  | calls the function                      |
 * | waiting | `stop`                       | ended                    | cancels the call, resolves              |
 * | waiting | `reset`                      | waiting                  | the grid begins now                     |
 * | calling | the run succeeded            | waiting                  | schedules the next point of the grid    |
 * | calling | the run failed               | ended                    | rejects                                 |
 * | calling | `stop`                       | calling, the last time   |                                         |
 * | calling | `reset`                      | calling                  | nothing                                 |
 * | calling, the last time | the run succeeded or failed | ended | resolves or rejects                     |
 *
 * A new `start` makes a new chain; a run of an old one that is still pending settles only its own promise.
 *
 * **Source:** Twisted, `twisted/internet/task.py`, `LoopingCall`.
 * **Differs:** runs on a monotonic clock; starting again while an old run is pending does not disturb the new loop.
 *
 * @module
 */
import type { Duration, IDelayedCall, IReactorTime, Seconds } from '@sennit/interfaces'
import { maybeGlobalReactor, toSeconds } from '@sennit/runtime'
import { isThenable } from '@sennit/runtime/internal'
import { AlreadyRunningError, NotRunningError, TimerOptionError } from './errors.ts'
import { delayToNextPoint, pointsPassed } from './grid.ts'

/** Options of a `LoopingCall`. */
export interface LoopingCallOptions<A extends readonly unknown[] | [] = []> {
  /** What the function is called with. @defaultValue [] */
  readonly args?: A | undefined
  /** @defaultValue the process's reactor, asked for at every start */
  readonly clock?: IReactorTime | undefined
}

/** Options of `LoopingCall.start`. */
export interface LoopStartOptions {
  /** Whether the first run is inside `start`, or one interval later. @defaultValue true */
  readonly now?: boolean | undefined
}

/**
 * Calls a function at every point of the grid `start + n * interval`.
 *
 * Runs never overlap: when the function returns a promise, the next run waits for it. Points that were missed are skipped. What the
 * function returns is ignored; when it throws or rejects, the loop ends. For work that goes on after an error take `TimerService`.
 *
 * @example
 * ```ts
 * import { LoopingCall } from '@sennit/timer'
 *
 * let runs = 0
 * const loop = new LoopingCall(() => {
 *   if (++runs === 3) loop.stop()
 * })
 * await loop.start('10ms') // settles when the loop ends
 * ```
 */
export class LoopingCall<A extends readonly unknown[] | [] = []> {
  /** The clock to run on; `undefined` means the process's reactor at the time of the start. */
  clock: IReactorTime | undefined
  #interval: Seconds | undefined
  readonly #f: (...args: A) => unknown
  readonly #args: A
  #chain: Chain<A> | undefined
  /** What the last start has yielded. */
  #ended: Promise<this> | undefined

  /**
   * @param f - what to call
   * @throws TimerOptionError (`ERR_SENNIT_TIMER_OPTION`) when `f` is no function
   */
  constructor(f: (...args: A) => unknown, { args, clock }: LoopingCallOptions<A> = {}) {
    if (typeof f !== 'function') throw new TimerOptionError('make a looping call', 'f', 'a function', f)
    this.#f = f
    this.#args = args ?? ([] as readonly unknown[] as A)
    this.clock = clock
  }

  /**
   * Makes a loop whose function is told how many points of the grid have passed since it was last called: 1, or more when some were
   * missed, never 0. The sum of the counts is the number of whole intervals that have passed.
   *
   * @param f - is given the count
   */
  static withCount(
    f: (count: number) => unknown,
    options: Pick<LoopingCallOptions<[]>, 'clock'> = {},
  ): LoopingCall {
    if (typeof f !== 'function') throw new TimerOptionError('make a looping call', 'f', 'a function', f)
    const loop: LoopingCall = new LoopingCall(() => {
      const count = loop.#chain!.count()
      return count > 0 ? f(count) : undefined
    }, options)
    return loop
  }

  /**
   * Seconds between two points of the grid; `undefined` before the first start. It may be changed at any time, and holds from the next
   * time that a run is scheduled.
   */
  get interval(): Seconds | undefined {
    return this.#interval
  }

  set interval(interval: Duration) {
    this.#interval = toSeconds(interval, 'interval')
  }

  /** Whether the loop has been started, and neither stopped nor ended by a failure. */
  get running(): boolean {
    return this.#chain?.running ?? false
  }

  /** Where the grid begins, on the clock: the moment of the start or of the last reset; `undefined` before the first start. */
  get starttime(): Seconds | undefined {
    return this.#chain?.starttime
  }

  /**
   * Begins to call the function.
   *
   * @param interval - 0 means once in every turn of the clock
   * @returns a promise of this object, which resolves when the loop was stopped and its last run has finished; it rejects with what
   * the function threw. Nobody has to await it.
   * @throws DurationError (`ERR_SENNIT_DURATION`) when the interval is negative or no duration
   * @throws AlreadyRunningError (`ERR_SENNIT_ALREADY_RUNNING`)
   */
  start(interval: Duration, { now = true }: LoopStartOptions = {}): Promise<this> {
    if (this.running) throw new AlreadyRunningError('start a looping call')
    this.interval = interval
    const promise = new Promise<this>((resolve, reject) => {
      this.#chain = new Chain(
        this as LoopingCall<A>,
        this.#f,
        this.#args,
        this.clock ?? maybeGlobalReactor(),
        resolve as () => void,
        reject,
      )
    })
    promise.catch(() => {})
    this.#ended = promise
    this.#chain!.begin(now)
    return promise
  }

  /**
   * Ends the loop; a run in progress is the last one.
   *
   * @throws NotRunningError (`ERR_SENNIT_NOT_RUNNING`)
   */
  stop(): void {
    if (!this.running) throw new NotRunningError('stop a looping call')
    this.#chain!.stop()
  }

  /**
   * Skips the next run: the grid begins anew, and the next run is one interval from now. Does nothing during a run.
   *
   * @throws NotRunningError (`ERR_SENNIT_NOT_RUNNING`)
   */
  reset(): void {
    if (!this.running) throw new NotRunningError('reset a looping call')
    this.#chain!.reset()
  }

  /** Stops the loop if it runs, and waits for the run in progress; a failure of that is for who has the promise of the start. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.running) this.stop()
    await this.#ended?.catch(() => {})
  }

  toString(): string {
    const args = this.#args.map(String).join(', ')
    return `LoopingCall<${this.interval ?? 'not started'}>(${this.#f.name || 'function'}(${args}))`
  }
}

/** What one start sets going. */
class Chain<A extends readonly unknown[] | []> {
  running = true
  starttime: Seconds
  readonly #loop: LoopingCall<A>
  readonly #f: (...args: A) => unknown
  readonly #args: A
  readonly #clock: IReactorTime
  readonly #resolve: (loop: LoopingCall<A>) => void
  readonly #reject: (error: unknown) => void
  /** The next run, unless one is in progress. */
  #call: IDelayedCall | undefined
  /** Up to where points of the grid have been counted. */
  #countedTo: Seconds | undefined
  #now = true

  constructor(
    loop: LoopingCall<A>,
    f: (...args: A) => unknown,
    args: A,
    clock: IReactorTime,
    resolve: (loop: LoopingCall<A>) => void,
    reject: (error: unknown) => void,
  ) {
    this.#loop = loop
    this.#f = f
    this.#args = args
    this.#clock = clock
    this.#resolve = resolve
    this.#reject = reject
    this.starttime = clock.seconds()
  }

  begin(now: boolean): void {
    this.#now = now
    if (now) this.#run()
    else this.#schedule()
  }

  stop(): void {
    this.running = false
    if (this.#call === undefined) return
    this.#call.cancel()
    this.#resolve(this.#loop)
  }

  reset(): void {
    if (this.#call === undefined) return
    this.#call.cancel()
    this.starttime = this.#clock.seconds()
    this.#schedule()
  }

  /** How many points of the grid have passed since the last count; 0 where rounding hides one, which the next count then has. */
  count(): number {
    const interval = this.#loop.interval!
    const now = this.#clock.seconds()
    let count = 1
    if (interval > 0) {
      const from = this.#countedTo ?? (this.#now ? this.starttime - interval : this.starttime)
      count = pointsPassed(this.starttime, interval, from, now)
    }
    this.#countedTo = now
    return count
  }

  readonly #run = (): void => {
    this.#call = undefined
    const f = this.#f
    let result: unknown
    try {
      result = f(...this.#args)
    } catch (error) {
      this.#failed(error)
      return
    }
    if (isThenable(result)) Promise.resolve(result).then(this.#finished, this.#failed)
    else this.#finished()
  }

  readonly #finished = (): void => {
    if (this.running) this.#schedule()
    else this.#resolve(this.#loop)
  }

  readonly #failed = (error: unknown): void => {
    this.running = false
    this.#reject(error)
  }

  #schedule(): void {
    const delay = delayToNextPoint(this.starttime, this.#loop.interval!, this.#clock.seconds())
    this.#call = this.#clock.callLater(delay, this.#run)
  }
}
