/**
 * How strings are told apart in a stream of bytes: by a number of fixed size before each, or as netstrings.
 *
 * Source: Twisted, `twisted/protocols/basic.py`, `IntNStringReceiver`, `NetstringReceiver`.
 *
 * @module
 */
import { NetstringParseError, PrefixLengthError, StringTooLongError } from './framing-errors.ts'
import type { ReceiveBuffer } from './receive-buffer.ts'

/** One way to tell strings apart. It keeps no state, so that all connections share it. */
export interface Framing {
  /** What stands behind each string. */
  readonly trailer: Buffer
  /**
   * How many bytes stand before the first string; 0 when they are not all there.
   *
   * @throws NetstringParseError
   */
  headerSize(buffer: ReceiveBuffer): number
  /** The length that the header says. */
  lengthIn(buffer: ReceiveBuffer, headerSize: number): number
  /**
   * What stands before a string that is sent.
   *
   * @throws StringTooLongError
   */
  header(length: number): Buffer
}

const NOTHING = /* @__PURE__ */ Buffer.alloc(0)

/** Strings with their length before them, the highest byte first. */
class Prefixes implements Framing {
  readonly trailer = NOTHING
  readonly #size: number

  constructor(size: number) {
    this.#size = size
  }

  headerSize(buffer: ReceiveBuffer): number {
    return buffer.length < this.#size ? 0 : this.#size
  }

  lengthIn(buffer: ReceiveBuffer): number {
    return buffer.uint(this.#size)
  }

  header(length: number): Buffer {
    const size = this.#size
    const most = 2 ** (8 * size) - 1
    if (length > most) throw new StringTooLongError(length, most)
    const header = Buffer.allocUnsafe(size)
    header.writeUIntBE(length, 0, size)
    return header
  }
}

const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
/** So many digits are read exactly; there is no string so long. */
const MAX_DIGITS = 15

/** Strings of the form `5:hello,`. */
class Netstrings implements Framing {
  readonly trailer: Buffer = Buffer.from(',')

  headerSize(buffer: ReceiveBuffer): number {
    const { length } = buffer
    for (let i = 0; i < length; i++) {
      const byte = buffer.byteAt(i)
      if (byte >= ZERO && byte <= NINE) {
        if (i === 1 && buffer.byteAt(0) === ZERO)
          throw new NetstringParseError('its length', 'a number without a zero before it', shown(buffer, 2))
        if (i === MAX_DIGITS)
          throw new NetstringParseError(
            'its length',
            `a number of ${MAX_DIGITS} digits or fewer`,
            shown(buffer, i),
          )
      } else if (byte === COLON && i > 0) return i + 1
      else
        throw new NetstringParseError(
          'its beginning',
          "its length and ':'",
          shown(buffer, Math.min(length, MAX_DIGITS)),
        )
    }
    return 0
  }

  lengthIn(buffer: ReceiveBuffer, headerSize: number): number {
    let number = 0
    for (let i = 0; i < headerSize - 1; i++) number = 10 * number + buffer.byteAt(i) - ZERO
    return number
  }

  header(length: number): Buffer {
    return Buffer.from(`${length}:`)
  }
}

/** The first bytes, for a message. */
function shown(buffer: ReceiveBuffer, count: number): string {
  return JSON.stringify(
    Buffer.from(Array.from({ length: count }, (_, i) => buffer.byteAt(i))).toString('latin1'),
  )
}

/** Netstrings. */
export const netstringFraming: Framing = /* @__PURE__ */ new Netstrings()

const PREFIXES = /* @__PURE__ */ [1, 2, 3, 4, 5, 6].map((size) => new Prefixes(size))

/**
 * Strings with their length before them.
 *
 * @param size - the bytes that the length takes
 * @throws PrefixLengthError (`ERR_SENNIT_PREFIX_LENGTH`) when that is no whole number from 1 to 6
 */
export function prefixFraming(size: number): Framing {
  const framing = PREFIXES[size - 1]
  if (typeof size !== 'number' || framing === undefined) throw new PrefixLengthError(size)
  return framing
}

/** The chunks to be sent for a string. */
export function framed(data: Uint8Array, framing: Framing): Uint8Array[] {
  const header = framing.header(data.length)
  return framing.trailer.length === 0 ? [header, data] : [header, data, framing.trailer]
}
