/**
 * Randomness that repeats: the same seed gives the same numbers on every machine.
 *
 * The generator is mulberry32: 32 bits of state, fast, good enough for latencies and orders, not for secrets.
 *
 * @module
 */
import type { Random } from '@sennit/interfaces'

/**
 * A source of numbers in [0, 1) that repeats.
 *
 * Give each part of a program a stream of its own, so that one more draw in one part does not shift the others.
 *
 * @param seed - any number; its integer part counts, modulo 2^32
 * @param stream - a name; each gives other numbers for the same seed
 * @example
 * ```ts
 * const random = seededRandom(1, 'faults')
 * assert.equal(random(), seededRandom(1, 'faults')())
 * ```
 */
export function seededRandom(seed: number, stream = ''): Random {
  let state = mixed(seed | 0, stream)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** The seed and the name as 32 bits in which every bit of both counts. */
function mixed(seed: number, stream: string): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b)
  for (let i = 0; i < stream.length; i++) {
    hash = Math.imul(hash ^ stream.charCodeAt(i), 0x01000193)
    hash ^= hash >>> 13
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35)
  return hash ^ (hash >>> 15)
}
