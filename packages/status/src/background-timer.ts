/**
 * One delayed call at a time that does not keep a process alive: what is looked at is there for its own sake.
 *
 * @module
 */
import type { IDelayedCall, IKeepAlive, IReactorTime, Seconds } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'

/** Calls a function after a delay, once for each `start()`. */
export class BackgroundTimer {
  readonly #clock: IReactorTime
  readonly #f: () => void
  #call: IDelayedCall | undefined

  constructor(clock: IReactorTime, f: () => void) {
    this.#clock = clock
    this.#f = f
  }

  /** Takes the place of a call that is still to come. */
  start(delay: Seconds): void {
    this.stop()
    const call = this.#clock.callLater(delay, () => {
      this.#call = undefined
      this.#f()
    })
    if (hasRole<IKeepAlive>(call, ['unref'])) call.unref()
    this.#call = call
  }

  stop(): void {
    this.#call?.cancel()
    this.#call = undefined
  }
}
