/**
 * Retry delays of which each is drawn between the shortest one and a multiple of the one before.
 *
 * **Source:** M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015: decorrelated jitter.
 * **Differs:** the delay before is not remembered but drawn again, and the one before that as well, from the first on. A policy that
 * remembers would have to be made anew for each client, and to be told of each success; this one has no state, can be shared, and
 * gives the same delays for the same randomness. After any number of failures the delays of many clients are spread as in the
 * original; only that a client's own long delay is not followed by a long one more often than others'.
 *
 * @module
 */
import type { Duration, Seconds } from '@sennit/interfaces'
import { systemRandom, toSeconds } from '@sennit/runtime'
import { BackoffOptionError } from './errors.ts'
import { withNoise } from './growth.ts'
import type { BackoffPolicy } from './policy.ts'

/** Options of `decorrelatedJitter`. */
export interface DecorrelatedJitterOptions {
  /** The shortest delay. @defaultValue '1s' */
  readonly initialDelay?: Duration | undefined
  /** The ceiling. @defaultValue '60s' */
  readonly maxDelay?: Duration | undefined
  /** A delay is at most so many times the one before; 1 or more. @defaultValue 3 */
  readonly factor?: number | undefined
}

/** After so many draws, one more changes nothing that could be seen. */
const MAX_DRAWS = 100

/**
 * Makes the policy of which the delay after `n` failures is `min(maxDelay, a random number from initialDelay to factor * the delay
 * after n - 1)`, and the delay after 0 is `initialDelay`.
 *
 * It draws `failures` random numbers, 100 at most.
 *
 * @returns a policy without state, to be shared at will
 * @throws DurationError (`ERR_SENNIT_DURATION`) when a delay is no duration
 * @throws BackoffOptionError (`ERR_SENNIT_BACKOFF_OPTION`) when `factor` is no number or less than 1
 * @example
 * ```ts
 * import { decorrelatedJitter } from '@sennit/backoff'
 *
 * const policy = decorrelatedJitter({ maxDelay: '30s' })
 * const delay = policy(1) // between 1 and 3
 * ```
 */
export function decorrelatedJitter({
  initialDelay = '1s',
  maxDelay = '60s',
  factor = 3,
}: DecorrelatedJitterOptions = {}): BackoffPolicy {
  const shortest = Math.min(toSeconds(initialDelay, 'initialDelay'), Number.MAX_VALUE)
  const ceiling = Math.min(toSeconds(maxDelay, 'maxDelay'), Number.MAX_VALUE)
  if (typeof factor !== 'number' || !(factor >= 1 && factor < Infinity))
    throw new BackoffOptionError('make a retry policy', 'factor', 'a finite number, 1 or more', factor)
  const first = Math.min(shortest, ceiling)
  return (failures, random = systemRandom) => {
    let delay: Seconds = first
    for (let draws = drawsFor(failures); draws > 0; draws--) {
      // The bound is cut first, since a product with it may overflow.
      const bound = Math.min(delay * factor, Number.MAX_VALUE)
      delay = Math.min(withNoise(shortest + random() * (bound - shortest), shortest), ceiling)
    }
    return delay
  }
}

/** A fraction is cut off; what is no number of failures counts as very many. */
function drawsFor(failures: number): number {
  return failures < MAX_DRAWS ? Math.trunc(failures) : MAX_DRAWS
}
