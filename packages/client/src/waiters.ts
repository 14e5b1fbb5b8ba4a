/**
 * Those who wait for a connection.
 *
 * @module
 */
import { CancelledError } from '@sennit/runtime'

/** Somebody who waits for a connection; told exactly once. */
export interface Waiter<T> {
  /** After how many more failures it gives up. */
  patience: number
  connected(value: T): void
  failed(error: Error): void
}

const NONE: readonly never[] = []

/** Those who wait for the next connection, in the order in which they came. */
export class Waiters<T> {
  #waiters: Waiter<T>[] = []

  /** How many wait. */
  get size(): number {
    return this.#waiters.length
  }

  add(waiter: Waiter<T>): void {
    this.#waiters.push(waiter)
  }

  /** Lets one go that does not want to wait any longer. */
  delete(waiter: Waiter<T>): void {
    const index = this.#waiters.indexOf(waiter)
    if (index >= 0) this.#waiters.splice(index, 1)
  }

  /** A connection stands. */
  connected(value: T): void {
    for (const waiter of this.#takeAll()) waiter.connected(value)
  }

  /** There will be no connection. */
  failed(error: Error): void {
    for (const waiter of this.#takeAll()) waiter.failed(error)
  }

  /** The service was stopped. */
  cancelled(): void {
    if (this.#waiters.length > 0) this.failed(new CancelledError('The client was stopped'))
  }

  /** Counts one failure. Yields those who have no more patience, for the caller to tell. */
  takeImpatient(): readonly Waiter<T>[] {
    if (this.#waiters.length === 0) return NONE
    const impatient: Waiter<T>[] = []
    this.#waiters = this.#waiters.filter((waiter) => {
      waiter.patience--
      if (waiter.patience > 0) return true
      impatient.push(waiter)
      return false
    })
    return impatient
  }

  #takeAll(): readonly Waiter<T>[] {
    const waiters = this.#waiters
    if (waiters.length > 0) this.#waiters = []
    return waiters
  }
}
