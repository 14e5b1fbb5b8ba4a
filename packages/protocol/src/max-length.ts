/**
 * Limits of length.
 *
 * @module
 */
import { MaxLengthError } from './framing-errors.ts'

/**
 * The limit.
 *
 * @throws MaxLengthError (`ERR_SENNIT_MAX_LENGTH`) when it is no positive number
 */
export function checkedMaxLength(maxLength: number): number {
  if (typeof maxLength === 'number' && maxLength >= 1) return maxLength
  throw new MaxLengthError(maxLength)
}
