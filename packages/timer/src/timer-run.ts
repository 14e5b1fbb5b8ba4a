/**
 * One run of a timer, as its function sees it.
 *
 * @module
 */
import type { Seconds } from '@sennit/interfaces'

/** What the function of a timer is given, after its arguments. */
export interface TimerRun {
  /** Aborted when the timer is being stopped and this run has not finished within the grace. */
  readonly signal: AbortSignal
  /** How many points of the grid have passed without a run since the run before this one; 0 as a rule. */
  readonly missed: number
  /** The point of the grid that this run is for, in seconds on the clock; of a triggered run, when it was triggered. */
  readonly scheduledAt: Seconds
}

/** A run, with a signal that is made when somebody reads it. */
export class Run implements TimerRun {
  readonly missed: number
  readonly scheduledAt: Seconds
  /** When it began, on the clock. */
  readonly began: Seconds
  /** Whether the timer was stopped meanwhile: the run no longer belongs to what the timer does now. */
  outlived = false
  #controller: AbortController | undefined

  constructor(missed: number, scheduledAt: Seconds, began: Seconds) {
    this.missed = missed
    this.scheduledAt = scheduledAt
    this.began = began
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  abort(reason: unknown): void {
    this.#controller ??= new AbortController()
    this.#controller.abort(reason)
  }

  /** Whether an error only says that the run was aborted. */
  wasAbortedWith(error: unknown): boolean {
    const signal = this.#controller?.signal
    return signal?.aborted === true && signal.reason === error
  }
}
