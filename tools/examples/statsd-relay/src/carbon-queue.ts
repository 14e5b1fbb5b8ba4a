/**
 * Lines that wait for the carbon server.
 *
 * @module
 */

/** A bounded first-in-first-out queue; when it is full the oldest line is dropped, and counted. */
export class CarbonQueue {
  readonly #limit: number
  #lines: string[] = []
  #head = 0
  /** How many lines were dropped because the queue was full. */
  dropped = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get length(): number {
    return this.#lines.length - this.#head
  }

  push(line: string): void {
    if (this.length >= this.#limit) {
      this.take(1)
      this.dropped++
    }
    this.#lines.push(line)
  }

  /** Takes out up to `most` of the oldest lines. */
  take(most: number): string[] {
    const taken = this.#lines.slice(this.#head, this.#head + most)
    this.#head += taken.length
    if (this.#head > 1024 && this.#head * 2 > this.#lines.length) {
      this.#lines = this.#lines.slice(this.#head)
      this.#head = 0
    }
    return taken
  }
}
