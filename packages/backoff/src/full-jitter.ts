/**
 * Retry delays that are random up to a bound, which grows geometrically towards a ceiling.
 *
 * **Source:** M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015: full jitter.
 *
 * @module
 */
import { systemRandom } from '@sennit/runtime'
import { delayAfter, growth, type GrowthOptions, withNoise } from './growth.ts'
import type { BackoffPolicy } from './policy.ts'

/**
 * Makes the policy `random() * d`, where `d` is `min(initialDelay * factor ** failures, maxDelay)`.
 *
 * Spreads clients over the whole delay and back to work soonest, at the price of some attempts that follow the one before almost at
 * once: a server that fails under load would rather be left alone for a while (`equalJitter`).
 *
 * @returns a policy without state, to be shared at will
 * @throws DurationError (`ERR_SENNIT_DURATION`) when a delay is no duration
 * @throws BackoffOptionError (`ERR_SENNIT_BACKOFF_OPTION`) when `factor` is no number or negative
 * @example
 * ```ts
 * import { fullJitter } from '@sennit/backoff'
 *
 * const policy = fullJitter({ maxDelay: '30s' })
 * const delay = policy(1) // between 0 and 1.5
 * ```
 */
export function fullJitter(options: GrowthOptions = {}): BackoffPolicy {
  const delays = growth(options)
  return (failures, random = systemRandom) => {
    const delay = delayAfter(failures, delays)
    return withNoise(random() * delay, delay)
  }
}
