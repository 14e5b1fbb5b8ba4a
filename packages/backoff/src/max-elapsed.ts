/**
 * A policy that gives up after a time.
 *
 * @module
 */
import type { Duration } from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'
import { BackoffOptionError, mustBePolicy } from './errors.ts'
import type { RetryPolicy } from './policy.ts'

/**
 * Makes a policy that waits as another one does, and gives up, by the answer `Infinity`, when the next attempt would begin later than so
 * long after the first one of the row.
 *
 * The time that the attempts themselves took counts. An attempt that runs when the time is over is let run; `retry`'s `timeout` and
 * a client's `connectTimeout` bound that.
 *
 * @throws DurationError (`ERR_SENNIT_DURATION`) when `duration` is none
 * @throws BackoffOptionError (`ERR_SENNIT_BACKOFF_OPTION`) when `policy` is no function; by the policy made, when it is asked without
 *   `elapsed`
 * @example
 * ```ts
 * import { constantBackoff, maxElapsed } from '@sennit/backoff'
 *
 * const policy = maxElapsed(constantBackoff('10s'), '5m')
 * const delays = [280, 290, 291].map((elapsed) => policy(1, Math.random, elapsed)) // 10, 10, Infinity
 * ```
 */
export function maxElapsed(policy: RetryPolicy, duration: Duration): RetryPolicy {
  mustBePolicy(policy)
  const limit = toSeconds(duration, 'duration')
  return (failures, random, elapsed) => {
    // Without it, there would silently be no limit.
    if (typeof elapsed !== 'number' || Number.isNaN(elapsed))
      throw new BackoffOptionError('ask a retry policy', 'elapsed', 'a number of seconds', elapsed)
    const delay = policy(failures, random, elapsed)
    return elapsed + delay > limit ? Infinity : delay
  }
}
