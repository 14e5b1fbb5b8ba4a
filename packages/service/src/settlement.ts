/**
 * What ends once, and tells those who wait for it: callers by promises, walks over children by a call.
 *
 * @module
 */
import { CancelledError } from '@sennit/runtime'

/** Goes on when something has ended. */
export interface Follower {
  childDone(child: Settlement, error: Error | undefined): void
}

interface Waiter {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** What ends once. */
export class Settlement {
  settled = false
  /** What it settled with. */
  error: Error | undefined = undefined
  /** Whether anything knows it but the one that made it. */
  seen = false
  protected followers: Follower[] | Follower | undefined
  #waiters: Waiter[] | undefined = undefined

  constructor(follower: Follower | undefined) {
    this.followers = follower
  }

  /** Whether anybody waits for the end. */
  get awaited(): boolean {
    return this.#waiters !== undefined || this.followers !== undefined
  }

  /** Lets somebody go on at the end. */
  follow(follower: Follower | undefined): void {
    if (follower === undefined) return
    this.seen = true
    if (this.followers === undefined) this.followers = follower
    else if (Array.isArray(this.followers)) this.followers.push(follower)
    else this.followers = [this.followers, follower]
  }

  /** A fresh promise of the end. */
  promise(): Promise<void> {
    this.seen = true
    let resolve!: () => void
    let reject!: (error: Error) => void
    const promise = new Promise<void>((yes, no) => {
      resolve = yes
      reject = no
    })
    const waiter = { promise, resolve, reject }
    if (this.settled) tell(waiter, this.error)
    else (this.#waiters ??= []).push(waiter)
    return promise
  }

  /** Tells everybody who waits. Later calls do nothing. */
  settle(error: Error | undefined): void {
    if (this.settled) return
    this.settled = true
    this.error = error
    const { followers } = this
    if (this.#waiters !== undefined) for (const waiter of this.#waiters) tell(waiter, error)
    if (Array.isArray(followers)) for (const follower of followers) follower.childDone(this, error)
    else followers?.childDone(this, error)
  }
}

function tell(waiter: Waiter, error: Error | undefined): void {
  if (error === undefined) {
    waiter.resolve()
    return
  }
  // Whoever stops a service knows that its start is cancelled; nobody has to catch that.
  if (error instanceof CancelledError) waiter.promise.catch(() => {})
  waiter.reject(error)
}
