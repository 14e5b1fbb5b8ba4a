/**
 * Delayed calls, ordered by time, then by the order in which they were scheduled. A cancelled call costs no memory.
 *
 * Source: Twisted, `twisted/internet/base.py`, `DelayedCall`, `ReactorBase.callLater`.
 * Differs: equal times run in the order in which they were scheduled.
 *
 * @module
 */
import type { IDelayedCall, IKeepAlive, Seconds } from '@sennit/interfaces'
import { AlreadyCalled, AlreadyCancelled, DelayError } from './errors.ts'
import { TimeHeap, type Timed } from './time-heap.ts'

// A call's place is its index in the heap, or one of these.
const CALLED = -1
const CANCELLED = -2

/** What is called; its arguments are bound to it. */
export type Callback = () => void

/** A function and its arguments in one: most have none, and a call that is pending shall need little memory. */
export function callbackOf<A extends readonly unknown[]>(f: (...args: A) => void, args: A): Callback {
  if (args.length === 0) return f as Callback
  return (f as unknown as (...args: unknown[]) => void).bind(undefined, ...args)
}

/** One delayed call; made by `DelayedCallQueue.add`. */
export class DelayedCall implements IDelayedCall, IKeepAlive, Timed {
  /** @internal */ queue: DelayedCallQueue
  /** @internal */ readonly order: number
  /** @internal */ place: number = CALLED
  /** @internal */ keepsAlive: boolean = true
  /** What is called; once the call is out of the queue, when it was due. @internal */
  callback: Callback | Seconds

  constructor(queue: DelayedCallQueue, order: number, callback: Callback) {
    this.queue = queue
    this.order = order
    this.callback = callback
  }

  getTime(): Seconds {
    return typeof this.callback === 'number' ? this.callback : this.queue.timeOf(this)
  }

  active(): boolean {
    return this.place >= 0
  }

  cancel(): void {
    this.#assertActive()
    this.queue.remove(this)
    this.place = CANCELLED
  }

  delay(seconds: Seconds): void {
    this.#assertActive()
    if (typeof seconds !== 'number' || Number.isNaN(seconds)) throw new DelayError(seconds)
    this.queue.move(this, this.getTime() + seconds)
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

  toString(): string {
    const left = (this.getTime() - this.queue.seconds()).toFixed(3)
    const state = this.place === CALLED ? 'called' : this.place === CANCELLED ? 'cancelled' : `in ${left} s`
    const name = typeof this.callback === 'number' ? '' : this.callback.name.replace('bound ', '')
    return `DelayedCall(${name || 'call'}, ${state})`
  }

  /** It is out of the queue, and counts as called; yields what is to be called. @internal */
  leave(due: Seconds): Callback {
    const callback = this.callback as Callback
    this.callback = due
    this.place = CALLED
    return callback
  }

  #assertActive(): void {
    if (this.place === CALLED) throw new AlreadyCalled()
    if (this.place === CANCELLED) throw new AlreadyCancelled()
  }
}

/** The calls of one clock. */
export class DelayedCallQueue {
  /** The clock's time in seconds. */
  readonly seconds: () => Seconds
  /** How many pending calls keep the process alive. */
  alive: number = 0
  readonly #changed: () => void
  readonly #heap = new TimeHeap<DelayedCall>()
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
    return this.#heap.size
  }

  /** The order that the next call will get: calls with a lower one were scheduled before. */
  get nextOrder(): number {
    return this.#order
  }

  /** When the first call is due; `Infinity` when there is none. */
  get firstTime(): Seconds {
    return this.#heap.firstTime
  }

  /** Whether the first call is due, and was scheduled before the one with that order. */
  isDue(now: Seconds, limit: number): boolean {
    return this.#heap.firstTime <= now && this.#heap.size > 0 && this.#heap.first.order < limit
  }

  /** When a pending call is due. */
  timeOf(call: DelayedCall): Seconds {
    return this.#heap.timeOf(call)
  }

  /** Adds a call at an absolute time. */
  add(time: Seconds, callback: Callback): DelayedCall {
    const call = new DelayedCall(this, this.#order++, callback)
    this.alive++
    this.#heap.add(call, time)
    if (call.place === 0 || this.alive === 1) this.#changed()
    return call
  }

  /** Takes out the first call, which is there, and counts it as called; yields what is to be called. */
  shift(): Callback {
    return this.#takeOut(this.#heap.first)
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
    this.#heap.move(call, time)
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
    return this.#heap.snapshot()
  }

  #takeOut(call: DelayedCall): Callback {
    const due = this.#heap.timeOf(call)
    this.#heap.remove(call)
    if (call.keepsAlive) this.alive--
    return call.leave(due)
  }
}
