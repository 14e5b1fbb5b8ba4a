/**
 * A clock as one would write it by hand: a binary heap, ordered by time, then by the order of scheduling.
 *
 * @module
 */

interface Call {
  readonly time: number
  readonly order: number
  readonly call: () => void
}

function before(a: Call, b: Call): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order)
}

/** Runs calls in order when it is advanced. */
export class StableHeap {
  readonly #heap: Call[] = []
  #now = 0
  #order = 0

  callLater(delay: number, call: () => void): Call {
    const entry = { time: this.#now + delay, order: this.#order++, call }
    const heap = this.#heap
    let place = heap.length
    heap.push(entry)
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = heap[above]!
      if (!before(entry, parent)) break
      heap[place] = parent
      place = above
    }
    heap[place] = entry
    return entry
  }

  advance(amount: number): void {
    this.#now += amount
    for (let first = this.#heap[0]; first !== undefined && first.time <= this.#now; first = this.#heap[0]) {
      this.#shift()
      first.call()
    }
  }

  #shift(): void {
    const heap = this.#heap
    const last = heap.pop()!
    const { length } = heap
    if (length === 0) return
    let place = 0
    for (let below = 1; below < length; below = 2 * place + 1) {
      if (below + 1 < length && before(heap[below + 1]!, heap[below]!)) below++
      const child = heap[below]!
      if (!before(child, last)) break
      heap[place] = child
      place = below
    }
    heap[place] = last
  }
}
