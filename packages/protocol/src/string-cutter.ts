/**
 * Cuts received bytes into strings.
 *
 * | state      | the header is there  | it says too much | it cannot be read | the string is there | its trailer is wrong |
 * |------------|----------------------|------------------|-------------------|---------------------|----------------------|
 * | header     | body                 | discarding       | broken            | -                   | -                    |
 * | body       | -                    | -                | -                 | header, handed out  | broken               |
 * | discarding | -                    | -                | -                 | header              | broken               |
 * | broken     | -                    | -                | -                 | -                   | -                    |
 *
 * @module
 */
import type { Framing } from './framing.ts'
import { NetstringParseError, StringLengthError } from './framing-errors.ts'
import { checkedMaxLength } from './max-length.ts'
import { ReceiveBuffer } from './receive-buffer.ts'

/** Options of what receives strings. */
export interface StringOptions {
  /** The most bytes that a string may have. @defaultValue 99999 */
  readonly maxLength?: number | undefined
}

/** What was received and not yet handed out. */
export class StringCutter {
  readonly maxLength: number
  readonly #framing: Framing
  readonly #buffer = new ReceiveBuffer()
  #state: 'header' | 'body' | 'discarding' | 'broken' = 'header'
  /** The bytes of the first string's header, which stays in the buffer until the string is complete. */
  #headerSize = 0
  /** The bytes of the first string; when it is discarded, of what has yet to come. */
  #length = 0
  #error: StringLengthError | NetstringParseError | undefined

  /** @throws MaxLengthError (`ERR_SENNIT_MAX_LENGTH`) */
  constructor(framing: Framing, { maxLength = 99_999 }: StringOptions = {}) {
    this.#framing = framing
    this.maxLength = checkedMaxLength(maxLength)
  }

  /** How many bytes there are. */
  get length(): number {
    return this.#buffer.length
  }

  /** Whether something came that was no string, so that nothing can be read any more. */
  get broken(): boolean {
    return this.#state === 'broken'
  }

  append(data: Uint8Array): void {
    if (this.#state !== 'broken') this.#buffer.append(data)
  }

  takeAll(): Buffer {
    return this.#buffer.takeAll()
  }

  /** Takes out what was wrong; a string that is too long will be discarded. */
  takeError(): StringLengthError | NetstringParseError | undefined {
    const error = this.#error
    this.#error = undefined
    return error
  }

  /** Takes out the first string; `undefined` when it is not complete, or something is wrong. */
  cut(): Buffer | undefined {
    try {
      while (this.#error === undefined && this.#advance()) {
        const buffer = this.#buffer
        const isWanted = this.#state === 'body'
        this.#state = 'header'
        if (!isWanted) continue
        buffer.skip(this.#headerSize)
        const string = buffer.take(this.#length)
        buffer.skip(this.#framing.trailer.length)
        return string
      }
    } catch (error) {
      this.#state = 'broken'
      this.#buffer.takeAll()
      this.#error = error as NetstringParseError
    }
    return undefined
  }

  /** Whether a whole string is there, or over. */
  #advance(): boolean {
    switch (this.#state) {
      case 'header':
        return this.#readHeader() && this.#isComplete()
      case 'body':
        return this.#isComplete()
      case 'discarding':
        return this.#discard()
      case 'broken':
        return false
    }
  }

  #readHeader(): boolean {
    const buffer = this.#buffer
    if (buffer.length === 0) return false
    const headerSize = this.#framing.headerSize(buffer)
    if (headerSize === 0) return false
    this.#headerSize = headerSize
    this.#length = this.#framing.lengthIn(buffer, headerSize)
    this.#state = 'body'
    if (this.#length <= this.maxLength) return true
    this.#error = new StringLengthError(this.#length, this.maxLength)
    this.#state = 'discarding'
    this.#length += headerSize
    return false
  }

  #isComplete(): boolean {
    const end = this.#headerSize + this.#length
    const { trailer } = this.#framing
    if (this.#buffer.length < end + trailer.length) return false
    if (trailer.length > 0) this.#checkTrailer(end)
    return true
  }

  #discard(): boolean {
    const buffer = this.#buffer
    const { trailer } = this.#framing
    const gone = Math.min(this.#length, buffer.length)
    buffer.skip(gone)
    this.#length -= gone
    if (this.#length > 0 || buffer.length < trailer.length) return false
    if (trailer.length > 0) this.#checkTrailer(0)
    buffer.skip(trailer.length)
    return true
  }

  #checkTrailer(at: number): void {
    const byte = this.#buffer.byteAt(at)
    if (byte === this.#framing.trailer[0]) return
    throw new NetstringParseError('its end', "','", JSON.stringify(String.fromCharCode(byte)))
  }
}
