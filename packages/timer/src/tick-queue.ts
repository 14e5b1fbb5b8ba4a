/**
 * All timers of one clock in a binary heap behind one delayed call.
 *
 * A timer is its own entry of the heap and is moved to its next point in place, so that a tick schedules nothing and allocates
 * nothing here: a hundred thousand timers cost their clock one delayed call.
 *
 * @module
 */
import type { IDelayedCall, IKeepAlive, IReactorTime, Seconds } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'

/** An entry of the queue. */
export interface Tick {
  /** The index in the heap; -1 when it is not in it. For the queue alone. */
  place: number
  /** When it is due, on the queue's clock. It may only change where the queue is told. */
  readonly due: Seconds
  /** Of those that are due at the same time, the one with the lowest comes first. */
  readonly order: number
  /** Whether it keeps the process alive. */
  readonly keepsAlive: boolean
  /** Runs what is due, and takes itself out or has itself moved. Returns what time it is then. */
  tick(now: Seconds): Seconds
}

const queues = new WeakMap<IReactorTime, TickQueue>()

/** The timers of one clock. */
export class TickQueue {
  readonly clock: IReactorTime
  readonly #heap: Tick[] = []
  readonly #wake = (): void => this.#run()
  #call: IDelayedCall | undefined
  /** What the delayed call is for. */
  #armedFor: Seconds = 0
  /** Whether the delayed call keeps the process alive. */
  #keepsAlive = true
  #order = 0
  /** How many entries keep the process alive. */
  #alive = 0
  #running = false

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

  /** Takes an entry in. */
  add(tick: Tick): void {
    if (tick.keepsAlive) this.#alive++
    this.#heap.push(tick)
    this.#up(tick, this.#heap.length - 1)
    if (tick.place === 0 || (this.#alive === 1 && tick.keepsAlive)) this.#arm()
  }

  /** Takes an entry out, if it is in. */
  remove(tick: Tick): void {
    const { place } = tick
    if (place < 0) return
    const last = this.#heap.pop()!
    if (last !== tick) this.#settle(last, place)
    tick.place = -1
    if (tick.keepsAlive) this.#alive--
    if (place === 0 || (this.#alive === 0 && tick.keepsAlive)) this.#arm()
  }

  /** Puts an entry right that has become due later. */
  postponed(tick: Tick): void {
    this.#down(tick, tick.place)
    if (this.#heap[0] !== tick) this.#arm()
  }

  #run(): void {
    this.#call = undefined
    // What the call was for is due, even where rounding left the clock a hair before it.
    const limit = Math.max(this.clock.seconds(), this.#armedFor)
    let now = limit
    this.#running = true
    try {
      const heap = this.#heap
      for (let first = heap[0]; first !== undefined && first.due <= limit; first = heap[0])
        now = first.tick(now)
    } finally {
      this.#running = false
      this.#arm()
    }
  }

  /** Sets the delayed call for the first entry. */
  #arm(): void {
    if (this.#running) return
    const first = this.#heap[0]
    if (first === undefined) {
      this.#call?.cancel()
      this.#call = undefined
      return
    }
    const { due } = first
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

  #settle(tick: Tick, place: number): void {
    if (place > 0 && before(tick, this.#heap[(place - 1) >> 1]!)) this.#up(tick, place)
    else this.#down(tick, place)
  }

  #up(tick: Tick, from: number): void {
    const heap = this.#heap
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = heap[above]!
      if (!before(tick, parent)) break
      heap[place] = parent
      parent.place = place
      place = above
    }
    heap[place] = tick
    tick.place = place
  }

  #down(tick: Tick, from: number): void {
    const heap = this.#heap
    const { length } = heap
    let place = from
    for (;;) {
      let below = 2 * place + 1
      if (below >= length) break
      let child = heap[below]!
      if (below + 1 < length && before(heap[below + 1]!, child)) child = heap[++below]!
      if (!before(child, tick)) break
      heap[place] = child
      child.place = place
      place = below
    }
    heap[place] = tick
    tick.place = place
  }
}

function before(a: Tick, b: Tick): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order)
}

/** Lets a delayed call keep the process alive, or not, where its clock knows the difference. */
export function keepAlive(call: IDelayedCall, keepsAlive: boolean): void {
  if (!hasRole<IKeepAlive>(call, ['ref', 'unref'])) return
  if (keepsAlive) call.ref()
  else call.unref()
}
