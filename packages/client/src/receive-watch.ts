/**
 * Finds out that nothing has come for too long.
 *
 * @module
 */
import type { IDelayedCall, IReactorTime, Seconds } from '@sennit/interfaces'

/**
 * Calls `silent` once when nothing was received for `timeout` seconds.
 *
 * When the time is over it lets one turn pass and looks again: after a stall of the loop, data may lie in the socket that
 * nobody could read.
 */
export class ReceiveWatch {
  readonly #clock: IReactorTime
  readonly #timeout: Seconds
  readonly #silent: () => void
  #last: Seconds
  #timer: IDelayedCall | undefined

  constructor(clock: IReactorTime, timeout: Seconds, silent: () => void) {
    this.#clock = clock
    this.#timeout = timeout
    this.#silent = silent
    this.#last = clock.seconds()
    this.#timer = clock.callLater(timeout, check, this, false)
  }

  /** Something has come. */
  received(): void {
    this.#last = this.#clock.seconds()
  }

  stop(): void {
    if (this.#timer?.active()) this.#timer.cancel()
    this.#timer = undefined
  }

  /** @internal */
  check(again: boolean): void {
    this.#timer = undefined
    const left = this.#last + this.#timeout - this.#clock.seconds()
    if (left > 0) this.#timer = this.#clock.callLater(left, check, this, false)
    else if (again) this.#silent()
    else this.#timer = this.#clock.callLater(0, check, this, true)
  }
}

const check = (watch: ReceiveWatch, again: boolean): void => watch.check(again)
