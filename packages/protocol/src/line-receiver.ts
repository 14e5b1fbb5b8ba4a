/**
 * A protocol of lines, and of raw bytes in between.
 *
 * Source: Twisted, `twisted/protocols/basic.py`, `LineReceiver`.
 * Differs: the delimiter and the limit are options; a line of exactly the limit is taken, even when its delimiter comes in
 * two parts; `setLineMode(extra)` may be called from anywhere; lines are `Buffer`s.
 *
 * @module
 */
import { HandlerError } from './errors.ts'
import { LineCutter, type LineReceiverOptions } from './line-cutter.ts'
import { sendLine } from './line-only-receiver.ts'
import { PausableReceiver } from './pausable-receiver.ts'

const NOTHING = new Uint8Array(0)

/**
 * Receives lines, or raw bytes, and switches between the two at any time.
 *
 * Every method may be called from inside every hook. No line is handed out once the transport closes.
 *
 * @example
 * ```ts
 * class Shout extends LineReceiver {
 *   override lineReceived(line: Buffer) {
 *     this.sendLine(line.toString().toUpperCase())
 *   }
 * }
 * ```
 */
export abstract class LineReceiver extends PausableReceiver {
  readonly #cutter: LineCutter
  #lineMode = true

  /**
   * @throws DelimiterError (`ERR_SENNIT_DELIMITER`), MaxLengthError (`ERR_SENNIT_MAX_LENGTH`)
   */
  constructor(options?: LineReceiverOptions) {
    super()
    this.#cutter = new LineCutter(options)
  }

  /** What ends a line. */
  get delimiter(): Buffer {
    return this.#cutter.delimiter
  }

  /** The most bytes that a line may have, without its delimiter. */
  get maxLength(): number {
    return this.#cutter.maxLength
  }

  /** Whether lines are received, not raw bytes. */
  get lineMode(): boolean {
    return this.#lineMode
  }

  /** A line has come, without its delimiter. */
  abstract lineReceived(line: Buffer): void

  /** Bytes have come in raw mode; to be overridden by whoever calls `setRawMode`. */
  rawDataReceived(_data: Buffer): void {
    throw new HandlerError("Cannot receive raw bytes: 'rawDataReceived' must be overridden to use raw mode")
  }

  /**
   * A line is too long: closes the connection, unless overridden.
   *
   * @param _rest - all that was received and not handed out, from the beginning of the line on
   */
  lineLengthExceeded(_rest: Buffer): void {
    this.transport.loseConnection()
  }

  override dataReceived(data: Uint8Array): void {
    this.#cutter.append(data)
    this.handOutAll()
  }

  /**
   * Receives lines from now on.
   *
   * @param extra - bytes that were handed out as raw and are to be read again, as lines
   */
  setLineMode(extra: Uint8Array = NOTHING): void {
    this.#lineMode = true
    if (extra.length > 0) this.#cutter.prepend(extra)
    this.handOutAll()
  }

  /** Receives raw bytes from now on. */
  setRawMode(): void {
    this.#lineMode = false
  }

  /** Takes out what was received and not handed out. */
  clearLineBuffer(): Buffer {
    return this.#cutter.takeAll()
  }

  /** Sends a line; the delimiter is added. */
  sendLine(line: Uint8Array | string): void {
    sendLine(this.transport, line, this.delimiter)
  }

  /** @internal */
  protected override handOutNext(): boolean {
    const cutter = this.#cutter
    if (cutter.length === 0) return false
    if (!this.#lineMode) {
      this.rawDataReceived(cutter.takeAll())
      return true
    }
    const line = cutter.cut()
    if (line !== undefined) this.lineReceived(line)
    else if (cutter.tooLong) this.lineLengthExceeded(cutter.takeAll())
    else return false
    return true
  }
}
