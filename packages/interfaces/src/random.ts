/**
 * The role of randomness.
 *
 * @module
 */

/** Yields a number in [0, 1). */
export type Random = () => number

/** A reactor that brings its own randomness, such as a simulated world: what runs in it repeats exactly. */
export interface IRandomSource {
  readonly random: Random
}
