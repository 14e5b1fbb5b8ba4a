/**
 * Those that are present, where many come and go: each has a seat, which is given to another when it leaves.
 *
 * A `Set` would say the same, but moves to new memory again and again as its members change, and what it leaves behind still points at those
 * that were there. As long as that is not collected as a whole, the collector takes them for alive, and short lives become long ones.
 *
 * @module
 */

/** More seats than this are not kept when nobody is left. */
const KEPT = 64

/** Those that are present, in no particular order. */
export class Seats<T> {
  readonly #seated: (T | undefined)[] = []
  readonly #free: number[] = []

  /** How many are present. */
  get size(): number {
    return this.#seated.length - this.#free.length
  }

  /** @returns the seat of the one who comes, with which it leaves */
  take(member: T): number {
    const seat = this.#free.pop()
    if (seat === undefined) return this.#seated.push(member) - 1
    this.#seated[seat] = member
    return seat
  }

  /** Frees a seat that is taken. */
  leave(seat: number): void {
    this.#seated[seat] = undefined
    this.#free.push(seat)
    if (this.size > 0 || this.#seated.length <= KEPT) return
    this.#seated.length = 0
    this.#free.length = 0
  }

  /** Those that are present now. */
  present(): T[] {
    return this.#seated.filter((member): member is T & {} => member !== undefined)
  }
}
