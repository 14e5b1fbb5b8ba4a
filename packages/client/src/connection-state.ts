/**
 * Where a lasting connection is, as its users see it, and those who want to be told.
 *
 * @module
 */
import type { ILog, Seconds } from '@sennit/interfaces'
import type { CodedError } from './settings.ts'
import { tell } from '@sennit/runtime/internal'

/** Where a lasting connection is. */
export type ConnectionStateName =
  | 'idle'
  | 'connecting'
  | 'waiting'
  | 'connected'
  | 'disconnecting'
  | 'restarting'
  | 'stopped'
  | 'failed'

/** A snapshot of where a lasting connection is. */
export interface ConnectionState {
  readonly name: ConnectionStateName
  /** The last failure or loss, until a connection stands again or the service is stopped. */
  readonly cause: CodedError | undefined
  /** While `waiting`: the seconds until the next attempt. */
  readonly retryIn: Seconds | undefined
  /** How many failures in a row there have been. */
  readonly failures: number
}

/** Is told each change. */
export type ConnectionStateListener = (state: ConnectionState) => void

/** Those who are told each change: in order, and after the change is complete. */
export class StateListeners {
  readonly #listeners = new Set<{ readonly listener: ConnectionStateListener }>()
  readonly #changes: ConnectionState[] = []
  #delivering = false

  /** Adds a listener; the same one may be added twice. */
  add(listener: ConnectionStateListener): () => void {
    const entry = { listener }
    this.#listeners.add(entry)
    return () => {
      this.#listeners.delete(entry)
    }
  }

  /** Notes a change, to be delivered. */
  record(state: ConnectionState): void {
    if (this.#listeners.size > 0) this.#changes.push(state)
  }

  /** Tells what was noted. A change that a listener itself brings about is told after this one. */
  deliver(log: ILog): void {
    if (this.#delivering) return
    this.#delivering = true
    for (let state = this.#changes.shift(); state !== undefined; state = this.#changes.shift())
      for (const { listener } of this.#listeners)
        try {
          listener(state)
        } catch (error) {
          tell(
            log,
            'error',
            { err: error, state: state.name },
            'A listener to the state of a connection threw',
          )
        }
    this.#delivering = false
  }
}
