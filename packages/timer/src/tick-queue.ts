/**
 * All timers of one clock in a binary heap behind one delayed call.
 *
 * A timer is moved to its next point in place, so that a tick schedules nothing, and a hundred thousand timers cost their clock one
 * delayed call. The heap itself is numbers in typed arrays: walking it touches none of the timers.
 *
 * @module
 */
import type { IDelayedCall, IKeepAlive, IReactorTime, Seconds } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'

/** An entry of the queue. */
export interface Tick {
  /** Where the queue keeps it; -1 when it is not in the queue. For the queue alone. */
  slot: number
  /** Whether it keeps the process alive. */
  readonly keepsAlive: boolean
  /** Runs what is due, and takes itself out or has itself postponed. Returns what time it is then. */
  tick(now: Seconds): Seconds
}

const SMALLEST = 16

const queues = new WeakMap<IReactorTime, TickQueue>()

/** The timers of one clock. */
export class TickQueue {
  readonly clock: IReactorTime
  // By place in the heap: when the entry is due, and its slot.
  #dues = new Float64Array(SMALLEST)
  #slots = new Int32Array(SMALLEST)
  // By slot: the entry, its order among those that are due at the same time, and its place.
  #ticks: (Tick | undefined)[] = []
  #orders = new Float64Array(SMALLEST)
  #places = new Int32Array(SMALLEST)
  /** Slots that can be used again. */
  #free: number[] = []
  #size = 0
  #order = 0
  /** How many entries keep the process alive. */
  #alive = 0
  #call: IDelayedCall | undefined
  /** What the delayed call is for. */
  #armedFor: Seconds = 0
  /** Whether the delayed call keeps the process alive. */
  #keepsAlive = true
  #running = false
  readonly #wake = (): void => this.#run()

  /** Use `TickQueue.of`. */
  constructor(clock: IReactorTime) {
    this.clock = clock
  }

  /** The queue of a clock. */
  static of(clock: IReactorTime): TickQueue {
    let queue = queues.get(clock)
    if (queue === undefined) {
      queue = new TickQueue(clock)
      queues.set(clock, queue)
    }
    return queue
  }

  /** An order behind all that were given before. */
  nextOrder(): number {
    return this.#order++
  }

  /** Takes an entry in. Of those that are due at the same time, the one with the lowest order comes first. */
  add(tick: Tick, due: Seconds, order: number): void {
    const slot = this.#free.pop() ?? this.#ticks.length
    if (slot === this.#dues.length) this.#resize(2 * slot)
    this.#ticks[slot] = tick
    this.#orders[slot] = order
    tick.slot = slot
    if (tick.keepsAlive) this.#alive++
    this.#up(this.#size++, due, slot)
    if (this.#slots[0] === slot || (this.#alive === 1 && tick.keepsAlive)) this.#arm()
  }

  /** Takes an entry out, if it is in. */
  remove(tick: Tick): void {
    const { slot } = tick
    if (slot < 0) return
    const place = this.#places[slot]!
    const last = --this.#size
    if (place < last) this.#settle(place, this.#dues[last]!, this.#slots[last]!)
    tick.slot = -1
    this.#ticks[slot] = undefined
    this.#free.push(slot)
    if (tick.keepsAlive) this.#alive--
    if (last === 0) this.#clear()
    if (place === 0 || (this.#alive === 0 && tick.keepsAlive)) this.#arm()
  }

  /** Gives an entry that is in the queue a later time. */
  postpone(tick: Tick, due: Seconds): void {
    const place = this.#places[tick.slot]!
    this.#down(place, due, tick.slot)
    if (place === 0) this.#arm()
  }

  /** When an entry that is in the queue is due. */
  due(tick: Tick): Seconds {
    return this.#dues[this.#places[tick.slot]!]!
  }

  #run(): void {
    this.#call = undefined
    // What the call was for is due, even where rounding left the clock a hair before it.
    const limit = Math.max(this.clock.seconds(), this.#armedFor)
    let now = limit
    this.#running = true
    try {
      while (this.#size > 0 && this.#dues[0]! <= limit) now = this.#ticks[this.#slots[0]!]!.tick(now)
    } finally {
      this.#running = false
      this.#arm()
    }
  }

  /** Sets the delayed call for the first entry. */
  #arm(): void {
    if (this.#running) return
    if (this.#size === 0) {
      this.#call?.cancel()
      this.#call = undefined
      return
    }
    const due = this.#dues[0]!
    if (this.#call === undefined || due !== this.#armedFor) {
      const delay = Math.max(0, due - this.clock.seconds())
      if (this.#call === undefined) {
        this.#call = this.clock.callLater(delay, this.#wake)
        this.#keepsAlive = true
      } else {
        this.#call.reset(delay)
      }
      this.#armedFor = due
    }
    if (this.#keepsAlive !== this.#alive > 0) {
      this.#keepsAlive = !this.#keepsAlive
      keepAlive(this.#call, this.#keepsAlive)
    }
  }

  /** Puts an entry at its place, of which only the direction is not known. */
  #settle(place: number, due: Seconds, slot: number): void {
    if (place > 0 && this.#isBefore(due, slot, (place - 1) >> 1)) this.#up(place, due, slot)
    else this.#down(place, due, slot)
  }

  #up(from: number, due: Seconds, slot: number): void {
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 1
      if (!this.#isBefore(due, slot, above)) break
      this.#put(place, this.#dues[above]!, this.#slots[above]!)
      place = above
    }
    this.#put(place, due, slot)
  }

  #down(from: number, due: Seconds, slot: number): void {
    const size = this.#size
    let place = from
    for (;;) {
      let below = 2 * place + 1
      if (below >= size) break
      if (below + 1 < size && this.#isBefore(this.#dues[below + 1]!, this.#slots[below + 1]!, below)) below++
      if (this.#isBefore(due, slot, below)) break
      this.#put(place, this.#dues[below]!, this.#slots[below]!)
      place = below
    }
    this.#put(place, due, slot)
  }

  /** Whether an entry comes before the one at a place. */
  #isBefore(due: Seconds, slot: number, place: number): boolean {
    const other = this.#dues[place]!
    return due < other || (due === other && this.#orders[slot]! < this.#orders[this.#slots[place]!]!)
  }

  #put(place: number, due: Seconds, slot: number): void {
    this.#dues[place] = due
    this.#slots[place] = slot
    this.#places[slot] = place
  }

  /** Keeps no memory for many entries when there is none. */
  #clear(): void {
    this.#ticks = []
    this.#free = []
    if (this.#dues.length > SMALLEST) this.#resize(SMALLEST)
  }

  #resize(capacity: number): void {
    const copy = <T extends Float64Array | Int32Array>(to: T, from: T): T => {
      to.set(from.subarray(0, capacity))
      return to
    }
    this.#dues = copy(new Float64Array(capacity), this.#dues)
    this.#slots = copy(new Int32Array(capacity), this.#slots)
    this.#orders = copy(new Float64Array(capacity), this.#orders)
    this.#places = copy(new Int32Array(capacity), this.#places)
  }
}

/** Lets a delayed call keep the process alive, or not, where its clock knows the difference. */
export function keepAlive(call: IDelayedCall, keepsAlive: boolean): void {
  if (!hasRole<IKeepAlive>(call, ['ref', 'unref'])) return
  if (keepsAlive) call.ref()
  else call.unref()
}
