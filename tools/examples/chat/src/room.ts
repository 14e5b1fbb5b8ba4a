/**
 * Who is there, and the saying of something to all of them.
 *
 * @module
 */
import type { Duplex } from 'node:stream'

/** How many bytes may wait for somebody who does not read. */
export const MAX_WAITING: number = 256 * 1024

/** A member was sent away because of too much that waits for it. */
class SlowReaderError extends Error {
  override readonly name = 'SlowReaderError'
  readonly code = 'ERR_CHAT_SLOW_READER'
}

/** The members, by their nicknames. */
export class Room {
  readonly #members = new Map<string, Duplex>()

  get names(): string[] {
    return [...this.#members.keys()]
  }

  /** @returns whether the nickname was free */
  enter(name: string, socket: Duplex): boolean {
    if (this.#members.has(name)) return false
    this.#members.set(name, socket)
    return true
  }

  leave(name: string): void {
    this.#members.delete(name)
  }

  /**
   * Says a line to all.
   *
   * Nobody is waited for: what a member does not read yet waits in its socket. Who lets too much wait is sent away, so that no more than
   * `MAX_WAITING` (and one line) is held for each.
   */
  say(line: string): void {
    for (const [name, socket] of this.#members) {
      socket.write(`${line}\n`)
      if (socket.writableLength > MAX_WAITING) socket.destroy(new SlowReaderError(`${name} does not read`))
    }
  }
}
