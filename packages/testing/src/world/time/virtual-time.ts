/**
 * Time that passes only as far as a test asks for, and lets promises settle on the way.
 *
 * Between any two steps one real turn of the loop goes by, so that all microtasks and all of Node's next-tick work are
 * done before time moves on. A step is one event of the network, or all delayed calls that are due.
 *
 * What is due at one instant runs in turns, as in a real reactor: what a call schedules without delay waits for the
 * next turn. Turns cost no time; but when one instant has seen a thousand of them, each further turn takes a tenth of
 * a millisecond, so that a call that schedules itself without delay lets time go on instead of hanging it.
 *
 * | state   | wait for something | nothing is waited for      |
 * |---------|--------------------|----------------------------|
 * | idle    | driving            | -                          |
 * | driving | driving, joined    | idle; time stands still    |
 *
 * @module
 */
import type { Duration, Seconds } from '@sennit/interfaces'
import { type ILog, DelayError, realTurn, systemClock, toSeconds } from '@sennit/runtime'
import { callbackOf, type DelayedCall, DelayedCallQueue, asError } from '@sennit/runtime/internal'
import { WorldStuckError, WorldTimeoutError } from '../../errors.ts'
import type { NetworkTime } from './network-time.ts'

/** How many turns of one instant cost no time. */
const FREE_TURNS = 1000

/** How long each turn after that takes. */
const TURN: Seconds = 0.0001

/** How long a step of waiting for real work takes, in real seconds. */
const REAL_PAUSE: Seconds = 0.001

/** Options of a wait. */
export interface WaitOptions {
  /** The limit in virtual time. @defaultValue '1h' */
  readonly timeout?: Duration | undefined
}

/** Something that is waited for. */
interface Goal {
  /** As an error shall name it; an advance has no name, since it is reached by time alone. */
  readonly what: string | undefined
  readonly start: Seconds
  /** The time at which it is reached (an advance) or given up. */
  readonly until: Seconds
  readonly reached: () => boolean
  readonly resolve: () => void
  readonly reject: (error: Error) => void
  /** Where it is waited for: errors of the loop would show nothing of the test. */
  readonly origin: { stack?: string }
}

/** Any function. */
type Caller = (...args: never[]) => unknown

/** What the time of a world needs to know of it. */
export interface VirtualTimeOptions {
  readonly log: ILog
  /** How long to wait, in real seconds, for work outside of the world when nothing in it can move. */
  readonly patience: Seconds
  /** Names what is still open. */
  readonly pending: () => readonly string[]
}

/** The clock of a world, and its loop. */
export class VirtualTime implements NetworkTime {
  readonly #options: VirtualTimeOptions
  #now: Seconds = 0
  readonly #calls = new DelayedCallQueue(() => this.#now)
  readonly #network = new DelayedCallQueue(() => this.#now)
  readonly #goals = new Set<Goal>()
  #driving = false
  /** Turns that this instant has seen. */
  #turns = 0
  /** What was scheduled from here on belongs to the next turn. */
  #callLimit = 0
  #networkLimit = 0

  constructor(options: VirtualTimeOptions) {
    this.#options = options
  }

  seconds(): Seconds {
    return this.#now
  }

  callLater<A extends readonly unknown[]>(delay: Seconds, f: (...args: A) => void, ...args: A): DelayedCall {
    if (!(delay >= 0)) throw new DelayError(delay)
    if (typeof f !== 'function')
      throw new TypeError(`Cannot schedule a call: 'f' must be a function, got ${String(f)}`)
    return this.#calls.add(this.#now + delay, callbackOf(f, args))
  }

  getDelayedCalls(): readonly DelayedCall[] {
    return this.#calls.pending()
  }

  /** Schedules an event of the network, which is not one of the delayed calls, after so many seconds. `f` must not throw. */
  after(delay: Seconds, f: () => void): DelayedCall {
    return this.#network.add(this.#now + delay, f)
  }

  /** Schedules an event of the network at a time. `f` must not throw. */
  at(time: Seconds, f: () => void): DelayedCall {
    return this.#network.add(time, f)
  }

  /** Schedules an event of the network for the next turn of this instant. `f` must not throw. */
  soon(f: () => void): DelayedCall {
    return this.#network.add(this.#now, f)
  }

  /**
   * Lets so much time pass.
   *
   * @param caller - the function whose frames, and those below, errors shall leave out
   */
  advance(amount: Duration, caller: Caller = this.advance): Promise<void> {
    const seconds = toSeconds(amount, 'amount')
    const until = this.#now + seconds
    if (until === Infinity) throw new RangeError(`Cannot advance: 'amount' must be finite, got ${amount}`)
    return this.#wait(undefined, until, () => false, caller)
  }

  /** Lets time pass until a promise settles. */
  run<T>(
    work: T | PromiseLike<T>,
    { timeout = '1h' }: WaitOptions = {},
    caller: Caller = this.run,
  ): Promise<T> {
    let settled = false
    const done = () => {
      settled = true
    }
    const promise = Promise.resolve(work)
    promise.then(done, done)
    const until = this.#now + toSeconds(timeout, 'timeout')
    return this.#wait('the promise', until, () => settled, caller).then(() => promise)
  }

  /** Lets time pass until a condition holds. */
  until(
    condition: () => unknown,
    { timeout = '1h' }: WaitOptions = {},
    caller: Caller = this.until,
  ): Promise<void> {
    const until = this.#now + toSeconds(timeout, 'timeout')
    return this.#wait('the condition', until, () => Boolean(condition()), caller)
  }

  #wait(what: string | undefined, until: Seconds, reached: () => boolean, caller: Caller): Promise<void> {
    const origin = {}
    Error.captureStackTrace(origin, caller)
    return new Promise((resolve, reject) => {
      this.#goals.add({ what, start: this.#now, until, reached, resolve, reject, origin })
      if (this.#driving) return
      this.#turns = 0
      this.#driving = true
      this.#drive().catch((error: unknown) => this.#break(asError(error)))
    })
  }

  /** What only an error of the world itself can lead to: nobody shall wait for ever. */
  #break(error: Error): void {
    this.#driving = false
    for (const { reject } of this.#goals) reject(error)
    this.#goals.clear()
  }

  async #drive(): Promise<void> {
    let waited = 0
    for (;;) {
      await realTurn()
      this.#settleReached()
      if (this.#goals.size === 0) break
      const next = this.#next()
      const horizon = this.#horizon()
      if (next !== Infinity && next <= horizon) {
        this.#step(next)
        waited = 0
      } else if (next !== Infinity || this.#isAdvancing()) {
        this.#stopAt(horizon)
      } else if (waited < this.#options.patience) {
        await new Promise<void>((resolve) => systemClock.callLater(REAL_PAUSE, resolve))
        waited += REAL_PAUSE
      } else {
        this.#giveUp((what) => new WorldStuckError(what, this.#options.pending()))
      }
    }
    this.#driving = false
  }

  #settleReached(): void {
    for (const goal of this.#goals) {
      try {
        if (!goal.reached()) continue
        goal.resolve()
      } catch (error) {
        goal.reject(asError(error))
      }
      this.#goals.delete(goal)
    }
  }

  #horizon(): Seconds {
    let horizon = Infinity
    for (const goal of this.#goals) if (goal.until < horizon) horizon = goal.until
    return horizon
  }

  #isAdvancing(): boolean {
    for (const goal of this.#goals) if (goal.what === undefined) return true
    return false
  }

  /** Moves the time to the first horizon: an advance is there, a wait has lasted too long. */
  #stopAt(horizon: Seconds): void {
    this.#now = horizon
    this.#turns = 0
    this.#giveUp(
      (what, goal) => new WorldTimeoutError(what, horizon - goal.start, this.#options.pending()),
      horizon,
    )
  }

  #giveUp(error: (what: string, goal: Goal) => Error, until = Infinity): void {
    for (const goal of this.#goals) {
      if (goal.until > until) continue
      this.#goals.delete(goal)
      if (goal.what === undefined) goal.resolve()
      else goal.reject(at(goal.origin, error(goal.what, goal)))
    }
  }

  /** When the next step takes place; `Infinity` when nothing is left. */
  #next(): Seconds {
    const due = this.#due()
    if (due > this.#now) return due
    return this.#isTurnOver() && this.#turns >= FREE_TURNS ? this.#now + TURN : this.#now
  }

  #due(): Seconds {
    return Math.min(this.#network.firstTime, this.#calls.firstTime)
  }

  #isTurnOver(): boolean {
    return !this.#isEventReady() && !this.#isCallReady()
  }

  #isEventReady(): boolean {
    return this.#network.isDue(this.#now, this.#networkLimit)
  }

  #isCallReady(): boolean {
    return this.#calls.isDue(this.#now, this.#callLimit)
  }

  #step(time: Seconds): void {
    if (this.#isTurnOver()) {
      this.#turns = this.#due() > this.#now ? 0 : this.#turns + 1
      this.#now = time
      this.#networkLimit = this.#network.nextOrder
      this.#callLimit = this.#calls.nextOrder
    }
    if (this.#isEventReady()) this.#network.shift()()
    else this.#runCalls()
  }

  #runCalls(): void {
    while (this.#isCallReady()) {
      const call = this.#calls.shift()
      try {
        call()
      } catch (error) {
        this.#options.log.error({ err: error }, 'A delayed call threw')
      }
    }
  }
}

/** The error, as if it had been made at another place. */
function at<E extends Error>(place: { readonly stack?: string }, error: E): E {
  const frames = place.stack?.split('\n').slice(1) ?? []
  error.stack = [String(error), ...frames].join('\n')
  return error
}
