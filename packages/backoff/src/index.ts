/**
 * How long to wait before the next attempt, and `retry`, which waits so long and tries again.
 *
 * A policy is a plain function of the number of failures in a row, a source of randomness, and the time since the first attempt: it
 * keeps no state, reads no clock, and can be shared by any number of clients.
 *
 * **Source:** Twisted, `twisted/application/_client_service.py`, `backoffPolicy`.
 * **Differs:** options are checked when the policy is made, a delay is never negative and never NaN, and randomness is given
 * to the policy, so that a simulated world repeats exactly. The other policies, giving up and `retry` are new.
 *
 * @module
 */
export { type BackoffPolicyOptions, backoffPolicy } from './backoff-policy.ts'
export { constantBackoff } from './constant-backoff.ts'
export { type DecorrelatedJitterOptions, decorrelatedJitter } from './decorrelated-jitter.ts'
export { equalJitter } from './equal-jitter.ts'
export { BackoffOptionError } from './errors.ts'
export { fullJitter } from './full-jitter.ts'
export type { GrowthOptions } from './growth.ts'
export { maxAttempts } from './max-attempts.ts'
export { maxElapsed } from './max-elapsed.ts'
export { type PlusMinusJitterOptions, plusMinusJitter } from './plus-minus-jitter.ts'
export type { BackoffPolicy, RetryPolicy } from './policy.ts'
export { type Attempt, type Failure, retry, type RetryOptions } from './retry.ts'
