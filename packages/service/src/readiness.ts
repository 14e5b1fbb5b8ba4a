/**
 * Whether new work may be sent to a program.
 *
 * | withheld | running | ready |
 * |----------|---------|-------|
 * | no       | no      | no    |
 * | no       | yes     | yes   |
 * | yes      | any     | no    |
 *
 * @module
 */
import type { IReadiness, IReadinessControl } from '@sennit/interfaces'
import { StateListeners } from './state-listeners.ts'

/** Derives readiness from what runs and what is withheld, and tells each change once. */
export class Readiness implements IReadiness, IReadinessControl {
  readonly #running: () => boolean
  readonly #onThrow: (thrown: unknown) => void
  readonly #listeners = new StateListeners<boolean>()
  #withheld = false
  #told = false

  /** @param onThrow - gets what a listener throws */
  constructor(running: () => boolean, onThrow: (thrown: unknown) => void) {
    this.#running = running
    this.#onThrow = onThrow
  }

  get ready(): boolean {
    return !this.#withheld && this.#running()
  }

  onReadyChange(listener: (ready: boolean) => void): () => void {
    return this.#listeners.add(listener)
  }

  withholdReady(): void {
    this.#withheld = true
    this.update()
  }

  allowReady(): void {
    this.#withheld = false
    this.update()
  }

  /** To be called when what runs may have changed. */
  update(): void {
    const { ready } = this
    if (ready === this.#told) return
    this.#told = ready
    this.#listeners.tell(ready, this.#onThrow)
  }
}
