/**
 * The services of one collection: a list that may change while it is walked, in either direction.
 *
 * @module
 */
import type { Lifecycle } from './lifecycle.ts'

/** The children of one service, in the order in which they were added. */
export class Children {
  /** Whether all are started, or stopped, in one turn. */
  readonly together: boolean
  first: Lifecycle | undefined
  last: Lifecycle | undefined
  size = 0
  /** Whether any service below wants to be told that it rests. */
  wantRest = false
  readonly #names = new Map<string, Lifecycle>()

  constructor(together: boolean) {
    this.together = together
  }

  named(name: string): Lifecycle | undefined {
    return this.#names.get(name)
  }

  append(child: Lifecycle): void {
    child.previous = this.last
    child.next = undefined
    if (this.last === undefined) this.first = child
    else this.last.next = child
    this.last = child
    this.size++
    if (child.name !== undefined) this.#names.set(child.name, child)
  }

  remove(child: Lifecycle): void {
    const { previous, next } = child
    if (previous === undefined) this.first = next
    else previous.next = next
    if (next === undefined) this.last = previous
    else next.previous = previous
    child.previous = undefined
    child.next = undefined
    this.size--
    if (child.name !== undefined) this.#names.delete(child.name)
  }

  /** The children as they are now. */
  snapshot(): Lifecycle[] {
    const all: Lifecycle[] = []
    for (let child = this.first; child !== undefined; child = child.next) all.push(child)
    return all
  }
}
