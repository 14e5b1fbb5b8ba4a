/**
 * Cases for the comparison with Twisted, generated from a seed.
 *
 * @module
 */
import type { Random } from '@sennit/interfaces'
import { seededRandom } from '@sennit/testing'

/** Draws what a case is made of. */
export class Draw {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  /** An integer from `least` to `most`. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1))
  }

  /** A number from `least` to `most`, with so many bits behind the point: sums of such numbers are exact. */
  binary(least: number, most: number, bits = 4): number {
    return this.integer(least * 2 ** bits, most * 2 ** bits) / 2 ** bits
  }

  chance(probability: number): boolean {
    return this.#random() < probability
  }

  one<T>(values: readonly T[]): T {
    return values[this.integer(0, values.length - 1)]!
  }

  /** From `least` to `most` values. */
  many<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: this.integer(least, most) }, make)
  }
}

/** @returns so many cases, always the same for one name. */
export function generated<T>(name: string, count: number, make: (draw: Draw) => T): T[] {
  const draw = new Draw(seededRandom(1, name))
  return Array.from({ length: count }, () => make(draw))
}
