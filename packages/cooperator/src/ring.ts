/**
 * The tasks that are ready, in the order in which they came, and which of them had its turn last.
 *
 * @module
 */

/** A place in a ring. */
export interface Link<N extends Link<N>> {
  /** The neighbours; `undefined` when it is in no ring. */
  before: N | undefined
  after: N | undefined
}

/** A ring with a beginning. New members go to its end; whose turn it is does not change when others come and go. */
export class Ring<N extends Link<N>> {
  /** The place between the end and the beginning. */
  readonly #gate: N
  /** Where the last turn was: at who had it, or before, when that one has gone. */
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

  /** The members that had the last turns, the latest first, and the gate when the turns passed it. */
  *latest(count: number): IterableIterator<N> {
    let member = this.#position
    for (let i = 0; i < count; i++) {
      yield member
      member = member.before!
    }
  }

  /** Adds a member at the end. */
  add(member: N): void {
    const gate = this.#gate
    const end = gate.before!
    member.before = end
    member.after = gate
    end.after = member
    gate.before = member
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

  /** The members, in order. A member may be taken out while it is being visited. */
  *[Symbol.iterator](): IterableIterator<N> {
    for (let member = this.#gate.after!; member !== this.#gate;) {
      const { after } = member
      yield member
      member = after!
    }
  }
}
