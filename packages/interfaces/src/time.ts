/**
 * Roles of time: a monotonic clock with delayed calls, and wall time.
 *
 * Source: Twisted, `twisted/internet/interfaces.py`, `IReactorTime`, `IDelayedCall`.
 * Differs: the clock is monotonic; wall time is a role of its own; keeping the process alive is a role of its own.
 *
 * @module
 */

/** A length or a point of time in seconds; fractions are allowed. */
export type Seconds = number

/** Seconds, or a number with its unit: `'250ms'`, `'10s'`, `'5m'`, `'1h'`. */
export type Duration = Seconds | `${number}${'ms' | 's' | 'm' | 'h'}`

/** A call that is due later. */
export interface IDelayedCall {
  /** The time on the clock, in seconds, at which the call is due. */
  getTime(): Seconds
  /**
   * Gives the call up.
   *
   * @throws AlreadyCalled, AlreadyCancelled
   */
  cancel(): void
  /**
   * Moves the call by so many seconds; a negative number brings it forward.
   *
   * @throws AlreadyCalled, AlreadyCancelled
   */
  delay(seconds: Seconds): void
  /**
   * Makes the call due so many seconds from now.
   *
   * @throws AlreadyCalled, AlreadyCancelled
   */
  reset(seconds: Seconds): void
  /** Whether the call is still to come. */
  active(): boolean
}

/** Monotonic time, and calls at a later time. */
export interface IReactorTime {
  /** The time in seconds since an arbitrary moment; it never goes back. */
  seconds(): Seconds
  /** Calls `f(...args)` after `delay` seconds, never inside this call; zero means the next turn of the loop. */
  callLater<A extends readonly unknown[]>(delay: Seconds, f: (...args: A) => void, ...args: A): IDelayedCall
  /** The calls that are still to come, in no particular order. */
  getDelayedCalls(): readonly IDelayedCall[]
}

/** Something that keeps the process alive as long as it is pending, or does not. */
export interface IKeepAlive {
  /** Keeps the process alive; this is the beginning. */
  ref(): void
  /** Lets the process end. */
  unref(): void
}

/** Time of day. */
export interface IWallClock {
  /** Seconds since 1970-01-01T00:00:00Z. */
  now(): Seconds
}
