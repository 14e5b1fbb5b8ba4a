/**
 * Delayed calls in a binary heap, ordered by time, then by the order in which they were scheduled.
 *
 * Every call knows its place in the heap, so that cancelling takes it out at once: a cancelled call costs no memory.
 *
 * Source: Twisted, `twisted/internet/base.py`, `DelayedCall`, `ReactorBase.callLater`.
 * Differs: equal times run in the order in which they were scheduled.
 *
 * @module
 */
import type { IDelayedCall, IKeepAlive, Seconds } from '@sennit/interfaces'
import { AlreadyCalled, AlreadyCancelled, DelayError } from './errors.ts'

// A call's place is its index in the heap, or one of these.
const CALLED = -1
const CANCELLED = -2

/** Any function: its arguments are kept beside it. */
export type Callback = (...args: never[]) => void

const NO_ARGS: readonly never[] = []

/** One delayed call; made by `DelayedCallQueue.add`. */
export class DelayedCall implements IDelayedCall, IKeepAlive {
  /** @internal */ queue: DelayedCallQueue
  /** @internal */ time: Seconds
  /** @internal */ order: number
  /** @internal */ place: number = CALLED
  /** @internal */ keepsAlive: boolean = true
  /** @internal */ callback: Callback | undefined
  /** @internal */ args: readonly unknown[]

  constructor(
    queue: DelayedCallQueue,
    time: Seconds,
    order: number,
    callback: Callback,
    args: readonly unknown[],
  ) {
    this.queue = queue
    this.time = time
    this.order = order
    this.callback = callback
    this.args = args.length === 0 ? NO_ARGS : args
  }

  getTime(): Seconds {
    return this.time
  }

  active(): boolean {
    return this.place >= 0
  }

  cancel(): void {
    this.#assertActive()
    this.queue.remove(this)
    this.place = CANCELLED
    this.#forget()
  }

  delay(seconds: Seconds): void {
    this.#assertActive()
    if (typeof seconds !== 'number' || Number.isNaN(seconds)) throw new DelayError(seconds)
    this.queue.move(this, this.time + seconds)
  }

  reset(seconds: Seconds): void {
    this.#assertActive()
    if (typeof seconds !== 'number' || !(seconds >= 0)) throw new DelayError(seconds)
    this.queue.move(this, this.queue.seconds() + seconds)
  }

  ref(): void {
    this.queue.keepAlive(this, true)
  }

  unref(): void {
    this.queue.keepAlive(this, false)
  }

  /** Runs the call, which is out of the queue and counts as called. @internal */
  run(): void {
    const { callback, args } = this
    this.#forget()
    callback?.(...(args as never[]))
  }

  toString(): string {
    const left = (this.time - this.queue.seconds()).toFixed(3)
    const state = this.place === CALLED ? 'called' : this.place === CANCELLED ? 'cancelled' : `in ${left} s`
    return `DelayedCall(${this.callback?.name || 'call'}, ${state})`
  }

  #assertActive(): void {
    if (this.place === CALLED) throw new AlreadyCalled()
    if (this.place === CANCELLED) throw new AlreadyCancelled()
  }

  #forget(): void {
    this.callback = undefined
    this.args = NO_ARGS
  }
}

/** The calls of one clock. */
export class DelayedCallQueue {
  /** The clock's time in seconds. */
  readonly seconds: () => Seconds
  /** How many pending calls keep the process alive. */
  alive: number = 0
  readonly #changed: () => void
  readonly #heap: DelayedCall[] = []
  #order = 0

  /**
   * @param seconds - reads the clock
   * @param changed - told when the first call, or what keeps the process alive, may have become another
   */
  constructor(seconds: () => Seconds, changed: () => void = () => {}) {
    this.seconds = seconds
    this.#changed = changed
  }

  /** How many calls are pending. */
  get size(): number {
    return this.#heap.length
  }

  /** The order that the next call will get: calls with a lower one were scheduled before. */
  get nextOrder(): number {
    return this.#order
  }

  /** The call that is due first. */
  peek(): DelayedCall | undefined {
    return this.#heap[0]
  }

  /** Adds a call at an absolute time. */
  add<A extends readonly unknown[]>(time: Seconds, callback: (...args: A) => void, args: A): DelayedCall {
    const call = new DelayedCall(this, time, this.#order++, callback as unknown as Callback, args)
    this.alive++
    this.#heap.push(call)
    this.#up(call, this.#heap.length - 1)
    if (call.place === 0 || this.alive === 1) this.#changed()
    return call
  }

  /** Takes out the first call and counts it as called. */
  shift(): DelayedCall | undefined {
    const first = this.#heap[0]
    if (first !== undefined) this.#takeOut(first)
    return first
  }

  /** Takes a call out; it counts as called. */
  remove(call: DelayedCall): void {
    const { place } = call
    this.#takeOut(call)
    if (place === 0 || this.alive === 0) this.#changed()
  }

  /** Gives a call another time; among equal times it keeps its order. */
  move(call: DelayedCall, time: Seconds): void {
    const wasFirst = call.place === 0
    call.time = time
    this.#settle(call, call.place)
    if (wasFirst || call.place === 0) this.#changed()
  }

  /** Lets a call keep the process alive, or not. */
  keepAlive(call: DelayedCall, keepsAlive: boolean): void {
    if (call.keepsAlive === keepsAlive) return
    call.keepsAlive = keepsAlive
    if (call.place < 0) return
    this.alive += keepsAlive ? 1 : -1
    if (this.alive < 2) this.#changed()
  }

  /** The pending calls, in no particular order. */
  pending(): readonly DelayedCall[] {
    return this.#heap.slice()
  }

  #takeOut(call: DelayedCall): void {
    const heap = this.#heap
    const { place } = call
    const last = heap.pop()!
    if (last !== call) this.#settle(last, place)
    call.place = CALLED
    if (call.keepsAlive) this.alive--
  }

  #settle(call: DelayedCall, place: number): void {
    if (place > 0 && before(call, this.#heap[(place - 1) >> 1]!)) this.#up(call, place)
    else this.#down(call, place)
  }

  #up(call: DelayedCall, from: number): void {
    const heap = this.#heap
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = heap[above]!
      if (!before(call, parent)) break
      heap[place] = parent
      parent.place = place
      place = above
    }
    heap[place] = call
    call.place = place
  }

  #down(call: DelayedCall, from: number): void {
    const heap = this.#heap
    const { length } = heap
    let place = from
    for (;;) {
      let below = 2 * place + 1
      if (below >= length) break
      let child = heap[below]!
      const other = heap[below + 1]
      if (other !== undefined && before(other, child)) {
        child = other
        below++
      }
      if (!before(child, call)) break
      heap[place] = child
      child.place = place
      place = below
    }
    heap[place] = call
    call.place = place
  }
}

function before(a: DelayedCall, b: DelayedCall): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order)
}
