/**
 * A policy that gives up after a number of attempts.
 *
 * @module
 */
import { BackoffOptionError, mustBePolicy } from './errors.ts'
import type { RetryPolicy } from './policy.ts'

/**
 * Makes a policy that waits as another one does, and gives up, by the answer `Infinity`, from the so-manieth failure in a row on.
 *
 * `retry` and `ClientService` then make no further attempt. The other policy is not asked any more.
 *
 * @param attempts - 1 or more; 1 means that there is only the first attempt
 * @throws BackoffOptionError (`ERR_SENNIT_BACKOFF_OPTION`) when `policy` is no function, or `attempts` no number, 1 or more
 * @example
 * ```ts
 * import { equalJitter, maxAttempts } from '@sennit/backoff'
 *
 * const policy = maxAttempts(equalJitter(), 5)
 * const delay = policy(5, Math.random, 30) // Infinity
 * ```
 */
export function maxAttempts(policy: RetryPolicy, attempts: number): RetryPolicy {
  mustBePolicy(policy)
  if (typeof attempts !== 'number' || !(attempts >= 1))
    throw new BackoffOptionError('make a retry policy', 'attempts', 'a number, 1 or more', attempts)
  return (failures, random, elapsed) => (failures < attempts ? policy(failures, random, elapsed) : Infinity)
}
