/**
 * The base of protocols of strings.
 *
 * @module
 */
import { assertBytes } from './bytes.ts'
import { framed, type Framing } from './framing.ts'
import { type NetstringParseError, StringLengthError } from './framing-errors.ts'
import { PausableReceiver } from './pausable-receiver.ts'
import { StringCutter, type StringOptions } from './string-cutter.ts'

/** Receives strings, however they are told apart. */
export abstract class StringReceiver extends PausableReceiver {
  readonly #framing: Framing
  readonly #cutter: StringCutter

  /** @throws MaxLengthError (`ERR_SENNIT_MAX_LENGTH`) */
  constructor(framing: Framing, options?: StringOptions) {
    super()
    this.#framing = framing
    this.#cutter = new StringCutter(framing, options)
  }

  /** The most bytes that a string may have. */
  get maxLength(): number {
    return this.#cutter.maxLength
  }

  /** Whether something came that was no string; nothing is received any more then. */
  get brokenPeer(): boolean {
    return this.#cutter.broken
  }

  /** A string has come. */
  abstract stringReceived(string: Buffer): void

  /**
   * A string is too long: closes the connection, unless overridden. When it stays open, the string is left out.
   *
   * @param _length - the bytes that the other side says it has
   */
  lengthLimitExceeded(_length: number): void {
    this.transport.loseConnection()
  }

  /** Something came that is no string: closes the connection, unless overridden. Nothing is received any more. */
  parseFailed(_error: NetstringParseError): void {
    this.transport.loseConnection()
  }

  /**
   * Sends a string; what tells it from the next is added.
   *
   * @throws StringTooLongError (`ERR_SENNIT_STRING_TOO_LONG`) when its length does not fit before it
   */
  sendString(string: Uint8Array | string): void {
    const data = typeof string === 'string' ? Buffer.from(string) : string
    assertBytes(data)
    this.transport.writeSequence(framed(data, this.#framing))
  }

  override dataReceived(data: Uint8Array): void {
    this.#cutter.append(data)
    this.handOutAll()
  }

  /** @internal */
  protected override handOutNext(): boolean {
    const string = this.#cutter.cut()
    if (string !== undefined) {
      this.stringReceived(string)
      return true
    }
    const error = this.#cutter.takeError()
    if (error instanceof StringLengthError) this.lengthLimitExceeded(error.length)
    else if (error !== undefined) this.parseFailed(error)
    return error !== undefined
  }
}
