/**
 * A promise that is settled from outside.
 *
 * @module
 */

/** A promise, and how to settle it. */
export interface Waiter {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** A promise that nobody has to await. */
export function makeWaiter(): Waiter {
  let resolve!: () => void
  let reject!: (error: Error) => void
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  promise.catch(() => {})
  return { promise, resolve, reject }
}
