/**
 * The samples of one timer: a list of numbers that grows without a garbage of its own.
 *
 * @module
 */

/** Numbers in the order in which they came, eight bytes each. */
export class Samples {
  #values = new Float64Array(16)
  #length = 0
  /** How many samples there were, counting for each how many it stands for. */
  count = 0

  /** Adds a sample that stands for `1 / rate` of them. */
  add(value: number, rate = 1): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#length * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#length++] = value
    this.count += 1 / rate
  }

  get length(): number {
    return this.#length
  }

  /** The samples; a view, which a later `add` may leave behind. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#length)
  }
}
