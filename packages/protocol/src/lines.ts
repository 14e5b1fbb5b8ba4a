/**
 * The lines of a stream.
 *
 * Each chunk is decoded once, as far as it holds whole lines, and cut apart as the lines are asked for; only a line that is
 * not there yet is waited for.
 *
 * @module
 */
import { ChunkIterator } from './chunk-iterator.ts'
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

const NOTHING = /* @__PURE__ */ Buffer.alloc(0)
const LF = 10
const CR = 13

class LineIterator extends ChunkIterator<string> {
  readonly #splitter: LineSplitter
  /** Whole lines that came together; `#text` is the same, decoded, and handed out as far as `#at`. */
  #block: Buffer = NOTHING
  #text = ''
  #at = 0

  constructor(from: AsyncIterable<Uint8Array | string>, splitter: LineSplitter, signal?: AbortSignal) {
    super(from, signal)
    this.#splitter = splitter
  }

  protected override get fault(): Error | undefined {
    return this.#splitter.error
  }

  protected override push(chunk: Buffer): void {
    const block = this.#splitter.push(chunk)
    if (block !== undefined) this.#take(block)
  }

  protected override last(): void {
    const last = this.#splitter.end()
    if (this.#splitter.error === undefined) this.#take(last)
  }

  protected override shift(): string | undefined {
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

  protected override takeBack(): readonly Buffer[] {
    const unread = this.#unread()
    this.#take(NOTHING)
    return [unread, this.#splitter.take()]
  }

  #take(block: Buffer): void {
    this.#block = block
    this.#text = block.toString()
    this.#at = 0
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
