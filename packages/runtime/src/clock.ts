/**
 * A clock that stands still until it is told to advance.
 *
 * Source: Twisted, `twisted/internet/task.py`, `Clock`.
 * Differs: one advance is one turn: a call that is scheduled during it runs in the next at the earliest, so that a call
 * that schedules itself without delay cannot keep an advance from ending.
 *
 * @module
 */
import type { Duration, IReactorTime, Seconds } from '@sennit/interfaces'
import { callbackOf, type DelayedCall, DelayedCallQueue } from './delayed-call-queue.ts'
import { toSeconds } from './duration.ts'
import { DelayError } from './errors.ts'

/**
 * Time under a test's control.
 *
 * @example
 * ```ts
 * const clock = new Clock()
 * clock.callLater(10, () => console.log('ten seconds'))
 * clock.advance('10s')
 * ```
 */
export class Clock implements IReactorTime {
  #now: Seconds = 0
  readonly #queue = new DelayedCallQueue(() => this.#now)

  seconds(): Seconds {
    return this.#now
  }

  /** Calls `f(...args)` during the advance that reaches `delay` seconds from now; a negative delay means the next advance. */
  callLater<A extends readonly unknown[]>(delay: Seconds, f: (...args: A) => void, ...args: A): DelayedCall {
    if (typeof delay !== 'number' || Number.isNaN(delay)) throw new DelayError(delay)
    if (typeof f !== 'function')
      throw new TypeError(`Cannot schedule a call: 'f' must be a function, got ${String(f)}`)
    return this.#queue.add(this.#now + Math.max(delay, 0), callbackOf(f, args))
  }

  getDelayedCalls(): readonly DelayedCall[] {
    return this.#queue.pending()
  }

  /**
   * Moves the time, then runs what was due, in order of time; all calls see the new time.
   *
   * @throws what a call throws; the calls after it run in the next advance
   * @throws DurationError (`ERR_SENNIT_DURATION`) when the amount is negative or not a duration
   */
  advance(amount: Duration): void {
    this.#now += toSeconds(amount, 'amount')
    const queue = this.#queue
    const limit = queue.nextOrder
    while (queue.isDue(this.#now, limit)) queue.shift()()
  }

  /** Advances by each amount, one after another. */
  pump(amounts: Iterable<Duration>): void {
    for (const amount of amounts) this.advance(amount)
  }
}
