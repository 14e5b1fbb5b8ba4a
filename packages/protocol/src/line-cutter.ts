/**
 * Cuts received bytes into lines, for the receivers of lines.
 *
 * @module
 */
import { DelimiterError } from './framing-errors.ts'
import { checkedMaxLength } from './max-length.ts'
import { ReceiveBuffer } from './receive-buffer.ts'

/** Options of the receivers of lines. */
export interface LineReceiverOptions {
  /** What ends a line. @defaultValue '\r\n' */
  readonly delimiter?: Uint8Array | string | undefined
  /** The most bytes that a line may have, without its delimiter. @defaultValue 16384 */
  readonly maxLength?: number | undefined
}

/** What was received and not yet handed out. */
export class LineCutter {
  readonly delimiter: Buffer
  readonly maxLength: number
  readonly #buffer = new ReceiveBuffer()
  /** So many bytes of the buffer hold no beginning of a delimiter. */
  #searched = 0
  #tooLong = false

  /**
   * @throws DelimiterError (`ERR_SENNIT_DELIMITER`), MaxLengthError (`ERR_SENNIT_MAX_LENGTH`)
   */
  constructor({ delimiter = '\r\n', maxLength = 16_384 }: LineReceiverOptions = {}) {
    this.delimiter = Buffer.from(delimiter as string)
    if (this.delimiter.length === 0) throw new DelimiterError()
    this.maxLength = checkedMaxLength(maxLength)
  }

  /** How many bytes there are. */
  get length(): number {
    return this.#buffer.length
  }

  /** Whether `cut` found no line because the first one is too long. */
  get tooLong(): boolean {
    return this.#tooLong
  }

  append(data: Uint8Array): void {
    this.#buffer.append(data)
  }

  prepend(data: Uint8Array): void {
    this.#searched = 0
    this.#buffer.prepend(data)
  }

  takeAll(): Buffer {
    this.#searched = 0
    this.#tooLong = false
    return this.#buffer.takeAll()
  }

  /** Takes out the first line, without its delimiter; `undefined` when it is not complete, or too long. */
  cut(): Buffer | undefined {
    const buffer = this.#buffer
    const { delimiter } = this
    const end = buffer.indexOf(delimiter, this.#searched)
    // While there is no delimiter, the last bytes may be the beginning of one.
    const length = end === -1 ? buffer.length - delimiter.length + 1 : end
    this.#tooLong = length > this.maxLength
    if (this.#tooLong) return undefined
    this.#searched = end === -1 ? Math.max(0, length) : 0
    if (end === -1) return undefined
    const line = buffer.take(end)
    buffer.skip(delimiter.length)
    return line
  }
}
