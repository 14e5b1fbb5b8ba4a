/**
 * Handing out what was received piece by piece, with pauses.
 *
 * Source: Twisted, `twisted/protocols/basic.py`, `_PauseableMixin`.
 *
 * @module
 */
import type { IPushProducer } from '@sennit/interfaces'
import { isClosing } from './is-closing.ts'
import { Protocol } from './protocol.ts'

/**
 * The base of receivers that cut what comes into pieces.
 *
 * Every method may be called from inside every hook: what comes meanwhile is handed out in its turn. Nothing is handed out
 * while the receiver is paused, and nothing any more once the transport closes.
 */
export abstract class PausableReceiver extends Protocol implements IPushProducer {
  #paused = false
  #busy = false

  /** Whether nothing is handed out until `resumeProducing`. */
  get paused(): boolean {
    return this.#paused
  }

  /** Hands nothing out, and receives nothing, until `resumeProducing`. */
  pauseProducing(): void {
    this.#paused = true
    this.transport.pauseProducing()
  }

  /** Hands out what was received meanwhile, then receives again. */
  resumeProducing(): void {
    this.#paused = false
    this.handOutAll()
    if (!this.#paused) this.transport.resumeProducing()
  }

  /** Hands nothing out any more, and closes the connection. */
  stopProducing(): void {
    this.#paused = true
    this.transport.stopProducing()
  }

  /** Hands out what there is; when that is under way already, it will go on. @internal */
  protected handOutAll(): void {
    if (this.#busy) return
    this.#busy = true
    try {
      while (!this.#paused && !isClosing(this.transport) && this.handOutNext());
    } finally {
      this.#busy = false
    }
  }

  /** Hands one thing out; whether there may be more. @internal */
  protected abstract handOutNext(): boolean
}
