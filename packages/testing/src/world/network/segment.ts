/**
 * What travels from one end of a connection to the other.
 *
 * @module
 */
import type { Seconds } from '@sennit/interfaces'

/** The bytes that were written in one instant: they arrive as one chunk, as small writes mostly do. */
export class Data {
  readonly #sentAt: Seconds
  #chunk: Buffer | undefined
  #more: Buffer[] | undefined

  constructor(sentAt: Seconds, chunk: Buffer) {
    this.#sentAt = sentAt
    this.#chunk = chunk
  }

  /** Takes in what is written in the same instant; false when it is too late. */
  append(now: Seconds, chunk: Buffer): boolean {
    if (now !== this.#sentAt || this.#chunk === undefined) return false
    if (this.#more === undefined) this.#more = [this.#chunk, chunk]
    else this.#more.push(chunk)
    return true
  }

  /** The bytes, once. */
  take(): Buffer {
    const bytes = this.#more === undefined ? this.#chunk! : Buffer.concat(this.#more)
    this.#chunk = undefined
    this.#more = undefined
    return bytes
  }
}

/**
 * Bytes, the end of a direction, a reset, word that nobody reads any more (where there is no reset), news of room in the window;
 * and what makes a connection: asked for, granted, made.
 */
export type Segment = Data | 'end' | 'reset' | 'gone' | 'room' | 'ask' | 'grant' | 'made'
