/**
 * Retry delays that grow geometrically towards a ceiling, of which one half is fixed and the other random.
 *
 * Ten thousand clients that lose the same server come back spread over half a minute instead of one second.
 *
 * @module
 */
import { systemRandom } from '@sennit/runtime'
import { delayAfter, growth, type GrowthOptions, withNoise } from './growth.ts'
import type { BackoffPolicy } from './policy.ts'

/**
 * Makes the policy `d / 2 + random() * d / 2`, where `d` is `min(initialDelay * factor ** failures, maxDelay)`.
 *
 * No delay is longer than `maxDelay`, and none is shorter than half of what it is without noise.
 *
 * @returns a policy without state, to be shared at will
 * @throws DurationError (`ERR_SENNIT_DURATION`) when a delay is no duration
 * @throws BackoffOptionError (`ERR_SENNIT_BACKOFF_OPTION`) when `factor` is no number or negative
 * @example
 * ```ts
 * import { equalJitter } from '@sennit/backoff'
 *
 * const policy = equalJitter({ maxDelay: '30s' })
 * const delay = policy(1) // between 0.75 and 1.5
 * ```
 */
export function equalJitter(options: GrowthOptions = {}): BackoffPolicy {
  const delays = growth(options)
  return (failures, random = systemRandom) => {
    const delay = delayAfter(failures, delays)
    return withNoise((delay / 2) * (1 + random()), delay)
  }
}
