/**
 * The failures in a row of a lasting connection: how many there have been, since when, and what follows from one more.
 *
 * @module
 */
import type { IServiceContext, Seconds } from '@sennit/interfaces'
import { tell } from '@sennit/runtime/internal'
import { type CodedError, type ConnectionSettings, defaultRetryPolicy } from './settings.ts'

/** What of the settings is about failures. */
type FailureSettings = Pick<ConnectionSettings<unknown>, 'retryPolicy' | 'isFatal' | 'maxFailures'>

/** The failures in a row. */
export class FailureRow {
  readonly #settings: FailureSettings
  #count = 0
  /** How many of them were before the present start: these are not too many. */
  #earlier = 0
  /** When the row began: with the start, or with the loss that is its first. */
  #began: Seconds = 0
  /** Whether the row was ended by giving up: a start begins another. */
  #gaveUp = false

  constructor(settings: FailureSettings) {
    this.#settings = settings
  }

  /** How many there have been. A stop and a start do not set it back. */
  get count(): number {
    return this.#count
  }

  /** A start. */
  start(now: Seconds): void {
    if (this.#gaveUp) this.#count = 0
    this.#gaveUp = false
    this.#earlier = this.#count
    this.#began = now
  }

  /** A connection has stood, and ends the row. */
  clear(now: Seconds): void {
    this.#count = 0
    this.#earlier = 0
    this.#began = now
  }

  /** One more failure, or a loss; yields how many there are with it. */
  add(): number {
    return ++this.#count
  }

  /** How long to wait after the last one; `Infinity` means to give up. */
  delay(cause: CodedError, context: IServiceContext): Seconds {
    return this.#isFatal(cause, context) ? Infinity : this.#ask(context)
  }

  /** There will be no further attempt. */
  giveUp(): void {
    this.#gaveUp = true
  }

  #isFatal(error: CodedError, { log }: IServiceContext): boolean {
    const { isFatal, maxFailures } = this.#settings
    if (maxFailures !== undefined && this.#count - this.#earlier >= maxFailures) return true
    try {
      return isFatal?.(error, this.#count) === true
    } catch (thrown) {
      tell(log, 'error', { err: thrown }, "'isFatal' threw: the error counts as not fatal")
      return false
    }
  }

  /** The policy's answer, or the default's where that is none. */
  #ask({ clock, log, random }: IServiceContext): Seconds {
    const failures = this.#count
    const elapsed = clock.seconds() - this.#began
    try {
      const delay = this.#settings.retryPolicy(failures, random, elapsed)
      if (typeof delay === 'number' && delay >= 0) return delay
      const fields = { delay, attempt: failures }
      tell(log, 'error', fields, 'The retry policy yielded what is no delay: the default is used')
    } catch (error) {
      const fields = { err: error, attempt: failures }
      tell(log, 'error', fields, 'The retry policy threw: the default is used')
    }
    return defaultRetryPolicy(failures, random, elapsed)
  }
}
