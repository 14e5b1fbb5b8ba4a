/**
 * Cuts what comes from a Redis server into replies.
 *
 * | the line begins with | it is                                                                        |
 * |----------------------|------------------------------------------------------------------------------|
 * | `+`                  | a string without line ends                                                   |
 * | `-`                  | an error                                                                     |
 * | `:`                  | an integer                                                                   |
 * | `$`                  | the length of a string that follows: so many bytes, then a line's end        |
 * | `*`                  | the length of an array that follows: so many replies                         |
 *
 * A length of -1 is `null`. Bytes come in chunks of any size; the `LineReceiver` keeps what is no whole line yet. In front of a string with a
 * length it is switched to raw bytes, and back behind it.
 *
 * @module
 */
import { LineReceiver } from '@sennit/protocol'
import { RedisError, RespError } from './errors.ts'
import type { Reply } from './resp.ts'

/** Redis itself sends no string that is longer. */
const LONGEST_STRING = 512 * 1024 * 1024

/** An array of which not all has come. */
interface OpenArray {
  readonly items: Reply[]
  readonly length: number
}

/** Hands out each reply when all of it has come. */
export abstract class RespReceiver extends LineReceiver {
  /** The arrays that are not complete, the outermost first. */
  readonly #open: OpenArray[] = []
  /** Of the string that is coming: what is there, and how many bytes are not, its line's end included. */
  #pieces: Buffer[] = []
  #missing = 0

  constructor() {
    super({ delimiter: '\r\n', maxLength: 65_536 })
  }

  /** A reply has come. */
  abstract replyReceived(reply: Reply): void

  /** What comes makes no sense: the connection is of no use any more. */
  parseFailed(error: RespError): void {
    this.transport.abortConnection(error)
  }

  override lineReceived(line: Buffer): void {
    const text = line.toString('utf8', 1)
    switch (line.toString('latin1', 0, 1)) {
      case '+':
        return this.#take(text)
      case '-':
        return this.#take(new RedisError(text))
      case ':':
        return this.#takeInteger(text)
      case '$':
        return this.#beginString(text)
      case '*':
        return this.#beginArray(text)
      default:
        return this.parseFailed(new RespError(`Cannot read a reply that begins with ${quoted(line)}`))
    }
  }

  override rawDataReceived(data: Buffer): void {
    const piece = data.subarray(0, this.#missing)
    this.#pieces.push(piece)
    this.#missing -= piece.length
    if (this.#missing > 0) return
    const bytes = Buffer.concat(this.#pieces)
    this.#pieces = []
    this.setLineMode(data.subarray(piece.length))
    if (bytes.toString('latin1', bytes.length - 2) === '\r\n')
      this.#take(bytes.toString('utf8', 0, bytes.length - 2))
    else this.parseFailed(new RespError('Cannot read a string: it is longer than its length says'))
  }

  override lineLengthExceeded(rest: Buffer): void {
    this.parseFailed(new RespError(`Cannot read a reply: a line is too long, it begins with ${quoted(rest)}`))
  }

  #takeInteger(text: string): void {
    if (!/^[+-]?\d+$/.test(text)) return this.parseFailed(new RespError(`Cannot read the integer '${text}'`))
    const integer = Number(text)
    this.#take(Number.isSafeInteger(integer) ? integer : BigInt(text))
  }

  #beginString(text: string): void {
    const length = this.#length(text, LONGEST_STRING)
    if (length === undefined) return
    if (length === -1) return this.#take(null)
    this.#missing = length + 2
    this.setRawMode()
  }

  #beginArray(text: string): void {
    const length = this.#length(text, 2 ** 32)
    if (length === undefined) return
    if (length === -1) return this.#take(null)
    if (length === 0) return this.#take([])
    this.#open.push({ items: [], length })
  }

  #length(text: string, most: number): number | undefined {
    const length = Number(text)
    if (/^(-1|\d+)$/.test(text) && length <= most) return length
    this.parseFailed(new RespError(`Cannot read the length '${text}'`))
    return undefined
  }

  /** One reply is whole: hands it out, or adds it to the array that it is of, which may be whole by it. */
  #take(reply: Reply): void {
    let whole = reply
    for (;;) {
      const array = this.#open.at(-1)
      if (array === undefined) return this.replyReceived(whole)
      array.items.push(whole)
      if (array.items.length < array.length) return
      this.#open.pop()
      whole = array.items
    }
  }
}

function quoted(bytes: Buffer): string {
  return JSON.stringify(bytes.toString('latin1', 0, 20))
}
