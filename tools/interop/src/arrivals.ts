/**
 * What has come and nobody has asked for yet, and who asked for what has not come yet.
 *
 * @module
 */

/** A queue with a wait at its end. */
export class Arrivals<T> {
  readonly #come: T[] = []
  readonly #waiting: ((value: T) => void)[] = []

  /** What has come, and was not asked for. */
  get waiting(): readonly T[] {
    return this.#come
  }

  put(value: T): void {
    const waiting = this.#waiting.shift()
    if (waiting) waiting(value)
    else this.#come.push(value)
  }

  /** The next one, once it has come. */
  next(): Promise<T> {
    if (this.#come.length > 0) return Promise.resolve(this.#come.shift() as T)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
