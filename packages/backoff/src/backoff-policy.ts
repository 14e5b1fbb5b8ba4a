/**
 * Retry delays that grow geometrically towards a ceiling, plus noise.
 *
 * **Source:** Twisted, `twisted/application/_client_service.py`, `backoffPolicy`.
 * **Differs:** options are checked when the policy is made; the sum is never negative and never NaN; the noise is made from
 * the randomness that the policy is given.
 *
 * @module
 */
import type { Random, Seconds } from '@sennit/interfaces'
import { systemRandom } from '@sennit/runtime'
import { BackoffOptionError } from './errors.ts'
import { delayAfter, growth, type GrowthOptions, withNoise } from './growth.ts'
import type { BackoffPolicy } from './policy.ts'

/** Options of `backoffPolicy`. */
export interface BackoffPolicyOptions extends GrowthOptions {
  /** Seconds that are added to every delay, also to the longest. @defaultValue (random) => random() */
  readonly jitter?: ((random: Random) => Seconds) | undefined
}

/**
 * Makes the policy `min(initialDelay * factor ** failures, maxDelay) + jitter(random)`.
 *
 * The noise is added after the ceiling: with the defaults the longest delay is just below 61 s, and many clients that wait
 * at the ceiling come back within one second. `equalJitter` spreads them over half a minute.
 *
 * @returns a policy without state, to be shared at will
 * @throws DurationError (`ERR_SENNIT_DURATION`) when a delay is no duration
 * @throws BackoffOptionError (`ERR_SENNIT_BACKOFF_OPTION`) when `factor` is no number or negative, or `jitter` no function
 * @example
 * ```ts
 * import { backoffPolicy } from '@sennit/backoff'
 *
 * const policy = backoffPolicy({ initialDelay: '100ms', factor: 2, maxDelay: '10s', jitter: () => 0 })
 * const delays = [1, 2, 3, 4, 100].map((failures) => policy(failures)) // 0.2, 0.4, 0.8, 1.6, 10
 * ```
 */
export function backoffPolicy({ jitter, ...options }: BackoffPolicyOptions = {}): BackoffPolicy {
  const delays = growth(options)
  if (jitter === undefined)
    return (failures, random = systemRandom) => {
      const delay = delayAfter(failures, delays)
      return withNoise(delay + random(), delay)
    }
  if (typeof jitter !== 'function')
    throw new BackoffOptionError('make a retry policy', 'jitter', 'a function', jitter)
  return (failures, random = systemRandom) => {
    const delay = delayAfter(failures, delays)
    return withNoise(delay + jitter(random), delay)
  }
}
