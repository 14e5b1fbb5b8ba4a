/**
 * What has come in, and who waits for more of it.
 *
 * @module
 */

interface Waiter {
  readonly wanted: string | RegExp
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** Bytes in the order in which they came. */
export class Received {
  #chunks: Uint8Array[] = []
  #waiters: Waiter[] = []
  #ended: Error | undefined

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    if (this.#waiters.length === 0) return
    const text = this.text()
    this.#waiters = this.#waiters.filter(({ wanted, resolve }) => {
      if (!has(text, wanted)) return true
      resolve()
      return false
    })
  }

  /** Nothing more will come. */
  end(reason: Error): void {
    this.#ended = reason
    for (const { reject } of this.#waiters.splice(0)) reject(reason)
  }

  bytes(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)]
    const [all] = this.#chunks
    return all === undefined ? Buffer.alloc(0) : Buffer.from(all)
  }

  text(): string {
    return this.bytes().toString()
  }

  clear(): void {
    this.#chunks = []
  }

  /** Settles when what has come contains something; rejects when nothing more will come. */
  wait(wanted: string | RegExp): Promise<void> {
    const promise = new Promise<void>((resolve, reject) => {
      if (has(this.text(), wanted)) resolve()
      else if (this.#ended !== undefined) reject(this.#ended)
      else this.#waiters.push({ wanted, resolve, reject })
    })
    promise.catch(() => {})
    return promise
  }
}

function has(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : text.search(wanted) >= 0
}
