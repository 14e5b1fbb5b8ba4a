/**
 * Those who are told the states of something, in order.
 *
 * @module
 */
/** Those who are told each state: in the order in which it was entered, whatever they do meanwhile. */
export class StateListeners<S> {
  readonly #entries = new Set<(state: S) => void>()
  readonly #entered: S[] = []
  #telling = false

  /** Adds a listener; the same one may be added twice. */
  add(listener: (state: S) => void): () => void {
    const entry = (state: S): void => listener(state)
    this.#entries.add(entry)
    return () => {
      this.#entries.delete(entry)
    }
  }

  /** Tells a state, and those that the listeners themselves bring about after it. */
  tell(entered: S, onThrow: (thrown: unknown) => void): void {
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
