/**
 * The role of randomness.
 *
 * @module
 */

/** Yields a number in [0, 1). */
export type Random = () => number
