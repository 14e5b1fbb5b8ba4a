/**
 * Retry delays that grow geometrically towards a ceiling, give or take a share of each.
 *
 * **Source:** gRPC, "Connection Backoff Protocol": its numbers are the defaults.
 * **Differs:** the delay counts from the failure, not from the beginning of the attempt, so that no attempt comes earlier than there; the
 * first delay has its noise as well.
 *
 * @module
 */
import { systemRandom } from '@sennit/runtime'
import { BackoffOptionError } from './errors.ts'
import { delayAfter, growth, type GrowthOptions, withNoise } from './growth.ts'
import type { BackoffPolicy } from './policy.ts'

/** Options of `plusMinusJitter`. */
export interface PlusMinusJitterOptions extends GrowthOptions {
  /** @defaultValue '625ms', so that the first delay is about one second */
  readonly initialDelay?: GrowthOptions['initialDelay']
  /** The ceiling, before the noise. @defaultValue '120s' */
  readonly maxDelay?: GrowthOptions['maxDelay']
  /** How much a delay is longer than the one before; 0 or more. @defaultValue 1.6 */
  readonly factor?: number | undefined
  /** The share of a delay, in [0, 1], by which it is longer or shorter at most. @defaultValue 0.2 */
  readonly jitter?: number | undefined
}

/**
 * Makes the policy `d * (1 + jitter * (2 * random() - 1))`, where `d` is `min(initialDelay * factor ** failures, maxDelay)`.
 *
 * With the defaults it is the backoff of gRPC: 1, 1.6, 2.56, … 120 s, give or take 20 %. The noise is added after the ceiling: the
 * longest delay is `maxDelay * (1 + jitter)`.
 *
 * @returns a policy without state, to be shared at will
 * @throws DurationError (`ERR_SENNIT_DURATION`) when a delay is no duration
 * @throws BackoffOptionError (`ERR_SENNIT_BACKOFF_OPTION`) when `factor` is no number or negative, or `jitter` not in [0, 1]
 * @example
 * ```ts
 * import { plusMinusJitter } from '@sennit/backoff'
 *
 * const grpc = plusMinusJitter()
 * const delay = grpc(1) // between 0.8 and 1.2
 * const everyTenSeconds = plusMinusJitter({ initialDelay: '10s', factor: 1, jitter: 0.5 })
 * ```
 */
export function plusMinusJitter({
  initialDelay = '625ms',
  maxDelay = '120s',
  factor = 1.6,
  jitter = 0.2,
}: PlusMinusJitterOptions = {}): BackoffPolicy {
  const delays = growth({ initialDelay, maxDelay, factor })
  if (typeof jitter !== 'number' || !(jitter >= 0 && jitter <= 1))
    throw new BackoffOptionError('make a retry policy', 'jitter', 'a number from 0 to 1', jitter)
  return (failures, random = systemRandom) => {
    const delay = delayAfter(failures, delays)
    return withNoise(delay * (1 + jitter * (2 * random() - 1)), delay)
  }
}
