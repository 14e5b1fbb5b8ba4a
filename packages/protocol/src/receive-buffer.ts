/**
 * Bytes that were received and not yet taken.
 *
 * A chunk that meets an empty buffer is kept as it is, without a copy; what comes on top of a rest is copied behind it, into
 * room that doubles, so that many small chunks cost no more than their bytes.
 *
 * @module
 */
import { asBuffer } from './bytes.ts'

const NOTHING = /* @__PURE__ */ Buffer.alloc(0)

/** A queue of bytes. What is taken from it is a view that nothing is written to later. */
export class ReceiveBuffer {
  /** A chunk as it came, which ends at `#end`; or our own, with room behind it. */
  #bytes: Buffer = NOTHING
  #start = 0
  #end = 0

  /** How many bytes there are. */
  get length(): number {
    return this.#end - this.#start
  }

  /** Adds bytes at the end. */
  append(data: Uint8Array): void {
    const { length } = this
    if (length === 0) {
      this.#bytes = asBuffer(data)
      this.#start = 0
      this.#end = data.length
      return
    }
    if (this.#end + data.length > this.#bytes.length) {
      const bytes = Buffer.allocUnsafeSlow(2 * (length + data.length))
      this.#bytes.copy(bytes, 0, this.#start, this.#end)
      this.#bytes = bytes
      this.#start = 0
      this.#end = length
    }
    this.#bytes.set(data, this.#end)
    this.#end += data.length
  }

  /** Puts bytes before the others. */
  prepend(data: Uint8Array): void {
    const rest = this.takeAll()
    this.append(data)
    this.append(rest)
  }

  /**
   * Where `bytes` begin, counted from the first byte, or -1.
   *
   * @param from - where to begin to look
   */
  indexOf(bytes: Buffer, from: number): number {
    // The room behind the end is not searched: for many small chunks, that would be most of the work.
    const end = this.#end
    const own = end === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, end)
    const at = own.indexOf(bytes, this.#start + from)
    return at === -1 ? -1 : at - this.#start
  }

  /** One of the bytes that are there, counted from the first. */
  byteAt(index: number): number {
    return this.#bytes[this.#start + index]!
  }

  /** The first `count` bytes, 6 at most, as a number, the highest byte first. */
  uint(count: number): number {
    return this.#bytes.readUIntBE(this.#start, count)
  }

  /** Takes out the first `count` bytes. */
  take(count: number): Buffer {
    const taken = this.#bytes.subarray(this.#start, this.#start + count)
    this.skip(count)
    return taken
  }

  /** Takes out all bytes. */
  takeAll(): Buffer {
    return this.take(this.length)
  }

  /** Drops the first `count` bytes. */
  skip(count: number): void {
    this.#start += count
    if (this.#start < this.#end) return
    this.#bytes = NOTHING
    this.#start = 0
    this.#end = 0
  }
}
