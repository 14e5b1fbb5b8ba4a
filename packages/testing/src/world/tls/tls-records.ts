/**
 * The form of private bytes on a simulated wire: records, as TLS has them, whose content is masked.
 *
 * Nothing is encrypted. The mask keeps whoever is not part of the connection from taking it for clear text, and the header keeps plain
 * bytes from being taken for a record.
 *
 * @module
 */
import { sslError } from './tls-errors.ts'

/** What a record carries; the numbers are those of TLS. */
export const ALERT = 21
export const HANDSHAKE = 22
export const DATA = 23

/** The most bytes that one record carries. */
const LONGEST = 16384

const HEADER = 5
const MAJOR = 3
const MINOR = 3
const MASK = 0xa5

/** Puts bytes into records. */
export function recordsOf(type: number, content: Uint8Array): Buffer {
  const count = Math.max(1, Math.ceil(content.length / LONGEST))
  const records = Buffer.allocUnsafe(content.length + count * HEADER)
  let at = 0
  for (let from = 0; at < records.length; from += LONGEST) {
    const length = Math.min(LONGEST, content.length - from)
    records[at] = type
    records[at + 1] = MAJOR
    records[at + 2] = MINOR
    records.writeUInt16BE(length, at + 3)
    at += HEADER
    records.set(content.subarray(from, from + length), at)
    mask(records, at, at + length)
    at += length
  }
  return records
}

/** One record. */
export interface Record {
  readonly type: number
  readonly content: Buffer
}

/** Cuts bytes into records. */
export class RecordReader {
  #rest: Buffer = Buffer.alloc(0)
  #isFirst = true

  /** Takes bytes in. */
  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
  }

  /**
   * The next record that has come as a whole.
   *
   * @throws Error with Node's code when there is something else
   */
  next(): Record | undefined {
    const bytes = this.#rest
    if (bytes.length < HEADER) return undefined
    const [type] = bytes
    if (type! < 20 || type! > DATA || bytes[1] !== MAJOR) throw sslError(this.#whatElse(bytes))
    this.#isFirst = false
    const end = HEADER + bytes.readUInt16BE(3)
    if (bytes.length < end) return undefined
    const content = Buffer.from(bytes.subarray(HEADER, end))
    mask(content, 0, content.length)
    this.#rest = bytes.subarray(end)
    return { type: type!, content }
  }

  #whatElse(bytes: Buffer): 'HTTP_REQUEST' | 'HTTPS_PROXY_REQUEST' | 'WRONG_VERSION_NUMBER' {
    const start = bytes.toString('latin1', 0, HEADER)
    if (this.#isFirst && /^(?:GET |POST |HEAD |PUT )/.test(start)) return 'HTTP_REQUEST'
    if (this.#isFirst && start === 'CONNE') return 'HTTPS_PROXY_REQUEST'
    return 'WRONG_VERSION_NUMBER'
  }
}

/** Masks, or unmasks. */
function mask(bytes: Buffer, from: number, to: number): void {
  for (let at = from; at < to; at++) bytes[at]! ^= MASK
}
