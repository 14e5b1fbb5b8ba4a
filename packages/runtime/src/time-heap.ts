/**
 * What is due at some time, in a heap: ordered by time, then by the order that each was given.
 *
 * Whatever is in it knows its place, so that taking out any of it is as quick as taking out the first. The times lie beside, as numbers
 * in a row of their own, and each place has four below it: looking for the first touches few lines of memory.
 *
 * @module
 */
import type { Seconds } from '@sennit/interfaces'

/** Something that can be due. */
export interface Timed {
  /** Where in the heap it is; less than 0 when it is in none. For the heap alone. */
  place: number
  /** Of those that are due at the same time, the one with the lowest order comes first. It does not change while it waits. */
  readonly order: number
}

/** How many each place has below it: of four the first is found quickly, and there are half as many levels as with two. */
const BELOW = 4

/** A heap of what is due. */
export class TimeHeap<T extends Timed> {
  readonly #items: T[] = []
  /** When the item at the same place is due. */
  readonly #times: Seconds[] = []

  get size(): number {
    return this.#items.length
  }

  /** What is due first; only when there is something. */
  get first(): T {
    return this.#items[0]!
  }

  /** When the first is due; `Infinity` when there is none. */
  get firstTime(): Seconds {
    return this.#times.length === 0 ? Infinity : this.#times[0]!
  }

  /** When something that is in the heap is due. */
  timeOf(item: T): Seconds {
    return this.#times[item.place]!
  }

  /** All that is in the heap, in no particular order. */
  snapshot(): T[] {
    return this.#items.slice()
  }

  add(item: T, time: Seconds): void {
    const place = this.#items.push(item) - 1
    this.#times.push(time)
    item.place = place
    // Most are due after what they are put below.
    if (place > 0 && this.#isBefore(item, time, (place - 1) >> 2)) this.#up(item, time, place)
  }

  /** Takes out something that is in the heap. */
  remove(item: T): void {
    const { place } = item
    const last = this.#items.pop()!
    const time = this.#times.pop()!
    if (last !== item) this.#settle(last, time, place)
    item.place = -1
  }

  /** Gives something that is in the heap another time. */
  move(item: T, time: Seconds): void {
    this.#settle(item, time, item.place)
  }

  #settle(item: T, time: Seconds, place: number): void {
    if (place > 0 && this.#isBefore(item, time, (place - 1) >> 2)) this.#up(item, time, place)
    else this.#down(item, time, place)
  }

  /** Whether something comes before what is at a place. */
  #isBefore(item: T, time: Seconds, place: number): boolean {
    const other = this.#times[place]!
    return time < other || (time === other && item.order < this.#items[place]!.order)
  }

  #up(item: T, time: Seconds, from: number): void {
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 2
      if (!this.#isBefore(item, time, above)) break
      this.#put(this.#items[above]!, this.#times[above]!, place)
      place = above
    }
    this.#put(item, time, place)
  }

  #down(item: T, time: Seconds, from: number): void {
    const items = this.#items
    const times = this.#times
    const { length } = items
    let place = from
    for (;;) {
      const first = BELOW * place + 1
      if (first >= length) break
      let least = first
      let leastTime = times[first]!
      const end = Math.min(first + BELOW, length)
      for (let child = first + 1; child < end; child++) {
        const other = times[child]!
        if (other < leastTime || (other === leastTime && items[child]!.order < items[least]!.order)) {
          least = child
          leastTime = other
        }
      }
      if (!(leastTime < time || (leastTime === time && items[least]!.order < item.order))) break
      this.#put(items[least]!, leastTime, place)
      place = least
    }
    this.#put(item, time, place)
  }

  #put(item: T, time: Seconds, place: number): void {
    this.#items[place] = item
    this.#times[place] = time
    item.place = place
  }
}
