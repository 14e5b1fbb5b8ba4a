/**
 * Those who are told the states of a service, in order.
 *
 * @module
 */
import type { ServiceState } from '@sennit/interfaces'

type Listener = (state: ServiceState) => void

/** Those who are told each state: in the order in which it was entered, whatever they do meanwhile. */
export class StateListeners {
  readonly #entries = new Set<Listener>()
  readonly #entered: ServiceState[] = []
  #telling = false

  /** Adds a listener; the same one may be added twice. */
  add(listener: Listener): () => void {
    const entry: Listener = (state) => listener(state)
    this.#entries.add(entry)
    return () => {
      this.#entries.delete(entry)
    }
  }

  /** Tells a state, and those that the listeners themselves bring about after it. */
  tell(entered: ServiceState, onThrow: (thrown: unknown) => void): void {
    this.#entered.push(entered)
    if (this.#telling) return
    this.#telling = true
    for (let state = this.#entered.shift(); state !== undefined; state = this.#entered.shift()) {
      for (const listener of this.#entries) {
        try {
          listener(state)
        } catch (thrown) {
          onThrow(thrown)
        }
      }
    }
    this.#telling = false
  }
}
