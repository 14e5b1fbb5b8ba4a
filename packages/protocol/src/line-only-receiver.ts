/**
 * A protocol of lines.
 *
 * Source: Twisted, `twisted/protocols/basic.py`, `LineOnlyReceiver`.
 * Differs: the delimiter and the limit are options; a line of exactly the limit is taken, even when its delimiter comes in
 * two parts; lines are `Buffer`s.
 *
 * @module
 */
import type { ITransport } from '@sennit/interfaces'
import { isClosing } from './is-closing.ts'
import { LineCutter, type LineReceiverOptions } from './line-cutter.ts'
import { Protocol } from './protocol.ts'

/**
 * Receives lines and nothing else.
 *
 * Every method may be called from inside every hook. No line is handed out once the transport closes.
 *
 * @example
 * ```ts
 * class Shout extends LineOnlyReceiver {
 *   override lineReceived(line: Buffer) {
 *     this.sendLine(line.toString().toUpperCase())
 *   }
 * }
 * ```
 */
export abstract class LineOnlyReceiver extends Protocol {
  readonly #cutter: LineCutter
  #busy = false

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

  /** A line has come, without its delimiter. */
  abstract lineReceived(line: Buffer): void

  /**
   * A line is too long: closes the connection, unless overridden.
   *
   * @param _rest - all that was received and not handed out, from the beginning of the line on
   */
  lineLengthExceeded(_rest: Buffer): void {
    this.transport.loseConnection()
  }

  /** Sends a line; the delimiter is added. */
  sendLine(line: Uint8Array | string): void {
    sendLine(this.transport, line, this.delimiter)
  }

  override dataReceived(data: Uint8Array): void {
    const cutter = this.#cutter
    cutter.append(data)
    if (this.#busy) return
    this.#busy = true
    try {
      while (cutter.length > 0 && !isClosing(this.transport)) {
        const line = cutter.cut()
        if (line !== undefined) this.lineReceived(line)
        else if (cutter.tooLong) this.lineLengthExceeded(cutter.takeAll())
        else return
      }
    } finally {
      this.#busy = false
    }
  }
}

/** Sends a line and its delimiter. */
export function sendLine(transport: ITransport, line: Uint8Array | string, delimiter: Buffer): void {
  transport.writeSequence([typeof line === 'string' ? Buffer.from(line) : line, delimiter])
}
