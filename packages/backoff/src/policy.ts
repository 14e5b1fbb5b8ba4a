/**
 * What a retry policy is.
 *
 * @module
 */
import type { Random, Seconds } from '@sennit/interfaces'

/**
 * Maps the number of failures in a row (1, 2, 3, …) to the seconds to wait before the next attempt.
 *
 * All its randomness comes from `random`, and all that it knows of time is `elapsed`: the seconds since the first attempt of this row
 * began. `Infinity` means: give up, no further attempt.
 *
 * @example
 * ```ts
 * import type { RetryPolicy } from '@sennit/backoff'
 *
 * const linear: RetryPolicy = (failures, random) => Math.min(failures, 30) + random()
 * ```
 */
export type RetryPolicy = (failures: number, random: Random, elapsed: Seconds) => Seconds

/** A policy of this package: a retry policy that takes the process's randomness when it is given none. */
export type BackoffPolicy = (failures: number, random?: Random) => Seconds
