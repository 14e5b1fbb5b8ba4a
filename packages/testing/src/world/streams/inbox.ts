/**
 * What has come to one end of a connection, and waits until somebody reads it.
 *
 * @module
 */
import type { NetworkTime } from '../time/network-time.ts'

/** Bytes, or the end of what the other side sends; an error where that was not said. */
export type Item = Buffer | 'end' | Error

/** Whether an item is the end. */
export function isEnd(item: Item): item is 'end' | Error {
  return !(item instanceof Uint8Array)
}

/** Whose inbox it is. */
export interface InboxOwner {
  /** Somebody reads an item. */
  deliver(item: Item): void
}

/** The receiving half of a transport. */
export class Inbox {
  readonly #time: Pick<NetworkTime, 'soon'>
  readonly #owner: InboxOwner
  #unread: Item[] = []
  #isOpen = false
  #isPaused = false

  constructor(time: Pick<NetworkTime, 'soon'>, owner: InboxOwner) {
    this.#time = time
    this.#owner = owner
  }

  /** Whether nobody reads for now. */
  get isPaused(): boolean {
    return this.#isPaused
  }

  /** Takes an item in: delivered at once, unless something waits before it or nobody reads. */
  add(item: Item): void {
    if (this.#isPaused || !this.#isOpen || this.#unread.length > 0) this.#unread.push(item)
    else this.#owner.deliver(item)
  }

  /** Somebody reads from now on. */
  open(): void {
    this.#isOpen = true
    this.#deliverSoon()
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#deliverSoon()
  }

  /** What was not read, which is dropped. */
  drop(): Item[] {
    return this.#unread.splice(0)
  }

  #deliverSoon(): void {
    if (this.#unread.length > 0) this.#time.soon(this.#deliverUnread)
  }

  readonly #deliverUnread = (): void => {
    while (this.#unread.length > 0 && !this.#isPaused) this.#owner.deliver(this.#unread.shift()!)
  }
}
