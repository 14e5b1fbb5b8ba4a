/**
 * Cuts chunks of bytes into blocks of whole lines. Lines are cut apart as text, since that is many times faster.
 *
 * @module
 */
import { LineLengthError } from './framing-errors.ts'

const LF = 10
const CR = 13
/** So many pieces of an unfinished line are kept apart before they are put together. */
const MAX_PIECES = 32

/** The bytes of an unfinished line, and what is wrong. */
export class LineSplitter {
  /** Set once a line is too long; nothing may be pushed then. */
  error: LineLengthError | undefined
  readonly #maxLength: number
  #pieces: Buffer[] = []
  #size = 0

  constructor(maxLength: number) {
    this.#maxLength = maxLength
  }

  /**
   * Takes a chunk.
   *
   * @returns whole lines, each with its newline; nothing when there are none
   */
  push(chunk: Buffer): Buffer | undefined {
    const { length } = chunk
    const end = chunk[length - 1] === LF ? length : chunk.lastIndexOf(LF) + 1
    if (end === 0) {
      this.#keep(chunk)
      return undefined
    }
    const head = end === length ? chunk : chunk.subarray(0, end)
    const block = this.#size === 0 ? head : this.#joined(head)
    const tooLong = this.#firstTooLong(block)
    if (tooLong >= 0) {
      this.error = new LineLengthError(this.#maxLength)
      return tooLong === 0 ? undefined : block.subarray(0, tooLong)
    }
    if (end < length) this.#keep(chunk.subarray(end))
    return block
  }

  /** The bytes of the line that is not finished; they are taken out. */
  take(): Buffer {
    const rest = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces, this.#size)
    this.#pieces = []
    this.#size = 0
    return rest
  }

  /** No more will come: takes out the last line, which has no newline. */
  end(): Buffer {
    if (this.#size > this.#maxLength) this.error = new LineLengthError(this.#maxLength)
    return this.take()
  }

  #joined(head: Buffer): Buffer {
    const block = Buffer.concat([...this.#pieces, head], this.#size + head.length)
    this.#pieces = []
    this.#size = 0
    return block
  }

  #keep(piece: Buffer): void {
    if (piece.length === 0) return
    this.#pieces.push(piece)
    this.#size += piece.length
    // One byte more may still be the carriage return before a newline.
    const over = this.#size - this.#maxLength
    if (over > 1 || (over === 1 && piece[piece.length - 1] !== CR)) {
      this.error = new LineLengthError(this.#maxLength)
    } else if (this.#pieces.length === MAX_PIECES) {
      this.#pieces = [Buffer.concat(this.#pieces, this.#size)]
    }
  }

  /** Where the first line that is too long begins, or -1. Looks at one newline for each `maxLength` bytes only. */
  #firstTooLong(block: Buffer): number {
    const max = this.#maxLength
    let start = 0
    while (block.length - start > max + 1) {
      // The last place for the newline of the line that begins at `start`, if there is a carriage return before it.
      const last = start + max + 1
      let newline = block.lastIndexOf(LF, last)
      if (newline === last && block[last - 1] !== CR && block.lastIndexOf(LF, last - 1) < start) newline = -1
      if (newline < start) return start
      start = newline + 1
    }
    return -1
  }
}
