/**
 * The time of a simulated network: that of a world, or, for connections within a process, real time.
 *
 * @module
 */
import type { IDelayedCall, IReactorTime, Seconds } from '@sennit/interfaces'

/** When things happen on a network. */
export interface NetworkTime extends IReactorTime {
  /** Schedules an event of the network after so many seconds. `f` must not throw. */
  after(delay: Seconds, f: () => void): IDelayedCall
  /** Schedules an event of the network at a time. `f` must not throw. */
  at(time: Seconds, f: () => void): IDelayedCall
  /** Schedules an event of the network for the next turn. `f` must not throw. */
  soon(f: () => void): IDelayedCall
}

/** The time of a clock. */
export class ClockTime implements NetworkTime {
  readonly #clock: IReactorTime

  constructor(clock: IReactorTime) {
    this.#clock = clock
  }

  seconds(): Seconds {
    return this.#clock.seconds()
  }

  callLater<A extends readonly unknown[]>(delay: Seconds, f: (...args: A) => void, ...args: A): IDelayedCall {
    return this.#clock.callLater(delay, f, ...args)
  }

  getDelayedCalls(): readonly IDelayedCall[] {
    return this.#clock.getDelayedCalls()
  }

  after(delay: Seconds, f: () => void): IDelayedCall {
    return this.#clock.callLater(delay, f)
  }

  at(time: Seconds, f: () => void): IDelayedCall {
    return this.#clock.callLater(Math.max(0, time - this.#clock.seconds()), f)
  }

  soon(f: () => void): IDelayedCall {
    return this.#clock.callLater(0, f)
  }
}
