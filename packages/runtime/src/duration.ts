/**
 * Durations: seconds, or a number with its unit.
 *
 * @module
 */
import type { Duration, Seconds } from '@sennit/interfaces'
import { DurationError } from './errors.ts'

const SECONDS_PER = new Map([
  ['ms', 0.001],
  ['s', 1],
  ['m', 60],
  ['h', 3600],
])

const NUMBER = /^\d+(\.\d+)?|^\.\d+/

const WANTED = "seconds, or a number with the unit 'ms', 's', 'm' or 'h'"

/**
 * Turns a duration into seconds.
 *
 * @param value - seconds, or text such as `'250ms'`, `'10s'`, `'5m'`, `'1h'`; `Infinity` means for ever
 * @param option - what the duration is for, as it shall be named in the error
 * @returns seconds, 0 or more
 * @throws DurationError (`ERR_SENNIT_DURATION`) when the value is negative, not a number, or has no such unit
 * @example
 * ```ts
 * toSeconds('250ms') // 0.25
 * ```
 */
export function toSeconds(value: Duration, option = 'duration'): Seconds {
  if (typeof value === 'number') {
    if (value >= 0) return value
    throw new DurationError(option, value, 0, `${WANTED}, 0 or more`)
  }
  if (typeof value !== 'string') throw new DurationError(option, value, 0, WANTED)
  const digits = NUMBER.exec(value)?.[0]
  if (digits === undefined) throw new DurationError(option, value, 0, `${WANTED}, beginning with a digit`)
  const scale = SECONDS_PER.get(value.slice(digits.length))
  if (scale === undefined) throw new DurationError(option, value, digits.length, WANTED)
  return scale < 1 ? Number(digits) / 1000 : Number(digits) * scale
}
