/**
 * The process's source of randomness.
 *
 * @module
 */
import type { Random } from '@sennit/interfaces'

/** A number in [0, 1), different each time; not for secrets. */
export const systemRandom: Random = () => Math.random()
