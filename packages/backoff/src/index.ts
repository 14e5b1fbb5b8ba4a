/**
 * How long to wait before the next attempt, and `retry`, which waits so long and tries again.
 *
 * A policy is a plain function of the number of failures in a row and a source of randomness: it keeps no state, reads no
 * clock, and can be shared by any number of clients.
 *
 * **Source:** Twisted, `twisted/application/_client_service.py`, `backoffPolicy`.
 * **Differs:** options are checked when the policy is made, a delay is never negative and never NaN, and randomness is given
 * to the policy, so that a simulated world repeats exactly. Equal jitter and `retry` are new.
 *
 * @module
 */
export { type BackoffPolicyOptions, backoffPolicy } from './backoff-policy.ts'
export { equalJitter } from './equal-jitter.ts'
export { BackoffOptionError } from './errors.ts'
export type { GrowthOptions } from './growth.ts'
export type { BackoffPolicy, RetryPolicy } from './policy.ts'
export { type Attempt, type Failure, retry, type RetryOptions } from './retry.ts'
