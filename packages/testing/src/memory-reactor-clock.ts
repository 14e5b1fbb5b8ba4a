/**
 * A `MemoryReactor` with a clock under the test's control.
 *
 * Source: Twisted, `twisted/internet/testing.py`, `MemoryReactorClock`.
 *
 * @module
 */
import type { Duration, IDelayedCall, IReactorTime, Seconds } from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { MemoryReactor } from './memory-reactor.ts'

/**
 * Records calls, and has time.
 *
 * @example
 * ```ts
 * const reactor = new MemoryReactorClock()
 * reactor.callLater(10, () => console.log('ten seconds'))
 * reactor.advance('10s')
 * ```
 */
export class MemoryReactorClock extends MemoryReactor implements IReactorTime {
  readonly #clock = new Clock()

  seconds(): Seconds {
    return this.#clock.seconds()
  }

  callLater<A extends readonly unknown[]>(delay: Seconds, f: (...args: A) => void, ...args: A): IDelayedCall {
    return this.#clock.callLater(delay, f, ...args)
  }

  getDelayedCalls(): readonly IDelayedCall[] {
    return this.#clock.getDelayedCalls()
  }

  /** Moves the time, then runs what was due. */
  advance(amount: Duration): void {
    this.#clock.advance(amount)
  }

  /** Advances by each amount, one after another. */
  pump(amounts: Iterable<Duration>): void {
    this.#clock.pump(amounts)
  }
}
