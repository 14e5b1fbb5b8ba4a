/**
 * Bytes, as the roles want them.
 *
 * @module
 */
import { isUint8Array } from 'node:util/types'
import { BytesError } from './errors.ts'

/**
 * Throws unless a value is bytes.
 *
 * @throws BytesError (`ERR_SENNIT_BYTES`, a `TypeError`)
 */
export function assertBytes(value: unknown): asserts value is Uint8Array {
  if (!isUint8Array(value)) throw new BytesError(value)
}

/** The same bytes as a `Buffer`; nothing is copied. */
export function asBuffer(bytes: Uint8Array): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
