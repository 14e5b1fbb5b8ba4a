/**
 * The lines of a stream.
 *
 * Each chunk is decoded once, as far as it holds whole lines, and cut apart as the lines are asked for; only a line that is
 * not there yet is waited for.
 *
 * @module
 */
import { type ChunkSink, type ChunkSource, chunkSource } from './chunk-source.ts'
import { LineSplitter } from './line-splitter.ts'
import { checkedMaxLength } from './max-length.ts'

/** Options of `lines`. */
export interface LinesOptions {
  /** Ends the reading; the iteration then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** The most bytes that a line may have, without its newline. @defaultValue 16384 */
  readonly maxLength?: number | undefined
}

/**
 * The lines of a stream, as text without their `'\n'` or `'\r\n'`. A last line that has no newline counts, too.
 *
 * The stream is not destroyed when the iteration is left early: it is paused, and what was not handed out can be read from
 * it, be it with `lines` again or as bytes. (This needs a Node stream; any other iterable is closed.)
 *
 * @param from - a Node stream, or an async iterable of bytes, in UTF-8
 * @throws LineLengthError (`ERR_SENNIT_LINE_LENGTH`) after the lines before a line that is too long
 * @throws MaxLengthError (`ERR_SENNIT_MAX_LENGTH`) at once, when `maxLength` is no positive number
 * @throws the signal's reason when it is aborted
 * @throws the stream's error when it ends with one; a `ConnectionLost` (`ERR_STREAM_PREMATURE_CLOSE`) when it is closed
 *   before its end
 * @example
 * ```ts
 * for await (const line of lines(socket, { signal, maxLength: 4096 })) socket.write(`hello ${line}\n`)
 * ```
 */
export function lines(
  from: AsyncIterable<Uint8Array | string>,
  { signal, maxLength = 16_384 }: LinesOptions = {},
): AsyncIterableIterator<string> {
  return new LineIterator(from, new LineSplitter(checkedMaxLength(maxLength)), signal)
}

interface Waiter {
  readonly resolve: (result: IteratorResult<string>) => void
  readonly reject: (error: Error) => void
}

const DONE: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined })

const NOTHING = Buffer.alloc(0)
const LF = 10
const CR = 13

class LineIterator implements AsyncIterableIterator<string>, ChunkSink {
  readonly #source: ChunkSource
  readonly #splitter: LineSplitter
  readonly #signal: AbortSignal | undefined
  readonly #waiters: Waiter[] = []
  #begun = false
  #pulling = false
  /** Whether nothing more is taken from the source. */
  #over = false
  /** Thrown once, after the lines that came before it. */
  #error: Error | undefined
  /** Whole lines that came together; `#text` is the same, decoded, and handed out as far as `#at`. */
  #block: Buffer = NOTHING
  #text = ''
  #at = 0

  constructor(from: AsyncIterable<Uint8Array | string>, splitter: LineSplitter, signal?: AbortSignal) {
    this.#source = chunkSource(from, this)
    this.#splitter = splitter
    this.#signal = signal
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<string>> {
    if (!this.#begun) this.#begin()
    if (this.#waiters.length === 0) {
      const line = this.#nextLine()
      if (line !== undefined) return Promise.resolve({ done: false, value: line })
    }
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject })
      this.#serve()
    })
  }

  return(): Promise<IteratorResult<string>> {
    this.#stop()
    this.#serve()
    return Promise.resolve(DONE)
  }

  chunk(chunk: Buffer): void {
    this.#pulling = false
    if (this.#over) return
    const block = this.#splitter.push(chunk)
    if (block !== undefined) this.#take(block)
    if (this.#splitter.error !== undefined) this.#finish(this.#splitter.error)
    this.#serve()
  }

  end(): void {
    if (this.#over) return
    const last = this.#splitter.end()
    if (this.#splitter.error === undefined) this.#take(last)
    this.#finish(this.#splitter.error)
    this.#serve()
  }

  fail(error: Error): void {
    if (this.#over) return
    this.#finish(error)
    this.#serve()
  }

  #begin(): void {
    this.#begun = true
    if (this.#signal?.aborted) this.#onAbort()
    else this.#signal?.addEventListener('abort', this.#onAbort)
  }

  readonly #onAbort = (): void => {
    this.#stop()
    this.#error = this.#signal!.reason as Error
    this.#serve()
  }

  /** Ends early: what was taken from the source and not handed out goes back. */
  #stop(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#error = undefined
    const unread = this.#unread()
    this.#take(NOTHING)
    if (this.#over) return
    this.#over = true
    this.#source.close([unread, this.#splitter.take()])
  }

  /** Ends because the source did, or because of an error; lines that are there are still handed out. */
  #finish(error: Error | undefined): void {
    this.#over = true
    this.#error = error
    this.#source.close([])
  }

  #serve(): void {
    while (this.#waiters.length > 0) {
      const line = this.#nextLine()
      if (line !== undefined) this.#waiters.shift()!.resolve({ done: false, value: line })
      else if (this.#over) this.#settle(this.#waiters.shift()!)
      else return this.#pull()
    }
  }

  #settle({ resolve, reject }: Waiter): void {
    this.#signal?.removeEventListener('abort', this.#onAbort)
    const error = this.#error
    this.#error = undefined
    if (error === undefined) resolve(DONE)
    else reject(error)
  }

  #pull(): void {
    if (this.#pulling) return
    this.#pulling = true
    this.#source.pull()
  }

  #take(block: Buffer): void {
    this.#block = block
    this.#text = block.toString()
    this.#at = 0
  }

  #nextLine(): string | undefined {
    const text = this.#text
    const at = this.#at
    if (at === text.length) return undefined
    const newline = text.indexOf('\n', at)
    if (newline === -1) {
      this.#at = text.length
      return text.slice(at)
    }
    this.#at = newline + 1
    return text.slice(at, text.charCodeAt(newline - 1) === CR ? newline - 1 : newline)
  }

  /** The bytes that were not handed out, found by counting newlines, since decoding need not keep lengths. */
  #unread(): Buffer {
    if (this.#at === this.#text.length) return NOTHING
    let start = 0
    for (let i = this.#text.indexOf('\n'); i !== -1 && i < this.#at; i = this.#text.indexOf('\n', i + 1)) {
      start = this.#block.indexOf(LF, start) + 1
    }
    return this.#block.subarray(start)
  }
}
