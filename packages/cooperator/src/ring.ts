/**
 * The tasks that are ready, in the order of their turns, and which of them had its turn last.
 *
 * @module
 */

/** A place in a ring. */
export interface Link<N extends Link<N>> {
  /** The neighbours; `undefined` when it is in no ring. */
  before: N | undefined
  after: N | undefined
}

/**
 * A ring that ends where the last turn was: who joins comes after all that wait for their turn, and before the one that has it or had it
 * last, unless that one has left. So nobody has a second turn before those who were waiting, however often members leave and come back.
 */
export class Ring<N extends Link<N>> {
  /** A place that nobody has, so that the ring is never without one. */
  readonly #gate: N
  /** The end: at who had the last turn, or, when that one has gone, at who was before it or joined since. */
  #position: N
  /** Who had the last turn, also when it has gone. */
  current: N

  /** @param gate - of the same shape as the members, but none of them */
  constructor(gate: N) {
    gate.before = gate
    gate.after = gate
    this.#gate = gate
    this.#position = gate
    this.current = gate
  }

  get empty(): boolean {
    return this.#gate.after === this.#gate
  }

  /** Whose turn is next. Only when the ring is not empty. */
  next(): N {
    return this.after(this.#position)
  }

  /** Whose turn is next after a member that is in the ring. */
  after(member: N): N {
    const next = member.after!
    return next === this.#gate ? next.after! : next
  }

  /** Gives a member its turn. */
  turn(member: N): void {
    this.#position = member
    this.current = member
  }

  /** The members that had the last turns, the latest first, and the gate when the turns passed it; about so when others joined. */
  *latest(count: number): IterableIterator<N> {
    let member = this.#position
    for (let i = 0; i < count; i++) {
      yield member
      member = member.before!
    }
  }

  /** Adds a member at the end. */
  add(member: N): void {
    const position = this.#position
    const before = position === this.current ? position.before! : position
    const after = before.after!
    member.before = before
    member.after = after
    before.after = member
    after.before = member
    // Where nobody is that had the last turn, the end moves on, so that the next to join comes later.
    if (position !== this.current) this.#position = member
  }

  /** Takes a member out, if it is in. */
  remove(member: N): void {
    const { before, after } = member
    if (before === undefined || after === undefined) return
    before.after = after
    after.before = before
    member.before = undefined
    member.after = undefined
    if (this.#position === member) this.#position = before
  }

  /** The members, in the order of their places. A member may be taken out while it is being visited. */
  *[Symbol.iterator](): IterableIterator<N> {
    for (let member = this.#gate.after!; member !== this.#gate;) {
      const { after } = member
      yield member
      member = after!
    }
  }
}
