/**
 * All timers of one clock in a heap behind one delayed call.
 *
 * A timer is moved to its next point in place, so that a tick schedules nothing, and a hundred thousand timers cost their clock one
 * delayed call.
 *
 * @module
 */
import type { IDelayedCall, IKeepAlive, IReactorTime, Seconds } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { TimeHeap, type Timed } from '@sennit/runtime/internal'

/** An entry of the queue. */
export interface Tick extends Timed {
  /** Whether it keeps the process alive. */
  readonly keepsAlive: boolean
  /** Runs what is due, and takes itself out or has itself postponed. Returns what time it is then. */
  tick(now: Seconds): Seconds
}

const queues = new WeakMap<IReactorTime, TickQueue>()

/** The timers of one clock. */
export class TickQueue {
  readonly clock: IReactorTime
  readonly #heap = new TimeHeap<Tick>()
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

  /** Takes an entry in. */
  add(tick: Tick, due: Seconds): void {
    this.#heap.add(tick, due)
    if (tick.keepsAlive) this.#alive++
    if (tick.place === 0 || (this.#alive === 1 && tick.keepsAlive)) this.#arm()
  }

  /** Takes an entry out, if it is in. */
  remove(tick: Tick): void {
    const { place } = tick
    if (place < 0) return
    this.#heap.remove(tick)
    if (tick.keepsAlive) this.#alive--
    if (place === 0 || (this.#alive === 0 && tick.keepsAlive)) this.#arm()
  }

  /** Gives an entry that is in the queue another time. */
  postpone(tick: Tick, due: Seconds): void {
    const wasFirst = tick.place === 0
    this.#heap.move(tick, due)
    if (wasFirst) this.#arm()
  }

  /** When an entry that is in the queue is due. */
  due(tick: Tick): Seconds {
    return this.#heap.timeOf(tick)
  }

  #run(): void {
    this.#call = undefined
    // What the call was for is due, even where rounding left the clock a hair before it.
    const limit = Math.max(this.clock.seconds(), this.#armedFor)
    let now = limit
    this.#running = true
    try {
      while (this.#heap.size > 0 && this.#heap.firstTime <= limit) now = this.#heap.first.tick(now)
    } finally {
      this.#running = false
      this.#arm()
    }
  }

  /** Sets the delayed call for the first entry. */
  #arm(): void {
    if (this.#running) return
    if (this.#heap.size === 0) {
      this.#call?.cancel()
      this.#call = undefined
      return
    }
    const due = this.#heap.firstTime
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
}

/** Lets a delayed call keep the process alive, or not, where its clock knows the difference. */
export function keepAlive(call: IDelayedCall, keepsAlive: boolean): void {
  if (!hasRole<IKeepAlive>(call, ['ref', 'unref'])) return
  if (keepsAlive) call.ref()
  else call.unref()
}
