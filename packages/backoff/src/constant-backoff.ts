/**
 * The same delay after every failure.
 *
 * @module
 */
import type { Duration } from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'
import type { BackoffPolicy } from './policy.ts'

/**
 * Makes the policy that always waits so long.
 *
 * For one client and a server next to it. Many clients that wait the same time come back in the same moment: `plusMinusJitter` with
 * the factor 1 spreads a constant delay.
 *
 * @returns a policy without state, to be shared at will
 * @throws DurationError (`ERR_SENNIT_DURATION`) when the delay is no duration
 * @example
 * ```ts
 * import { constantBackoff } from '@sennit/backoff'
 *
 * const policy = constantBackoff('5s')
 * const delays = [1, 2, 3].map((failures) => policy(failures)) // 5, 5, 5
 * ```
 */
export function constantBackoff(delay: Duration = '1s'): BackoffPolicy {
  const seconds = toSeconds(delay, 'delay')
  return () => seconds
}
