/**
 * Numbers with their units, for people.
 *
 * @module
 */
import type { Fact, Seconds } from '@sennit/interfaces'
import { visible } from './visible.ts'

/** Longer text is cut off. */
const LONGEST = 160

/** Times of day before this one, in 2001, are no times of day. */
const BILLION = 1e9

const DURATIONS = new Set(['step', 'retryIn', 'runTime', 'longestStep', 'inProgressFor', 'slice'])
const MOMENTS = new Set(['lastRun', 'nextRun'])

/** A time: `1.2 ms`, `4.5 s`, `2 m 5 s`, `3 h 4 m`, `2 d 3 h`. */
export function durationText(time: Seconds): string {
  if (time < 0) return `-${durationText(-time)}`
  if (time === 0 || !Number.isFinite(time)) return `${time} s`
  if (time < 0.001) return `${short(time * 1e6)} µs`
  if (time < 1) return `${short(time * 1e3)} ms`
  if (time < 60) return `${short(time)} s`
  const [minutes, hours, days] = [60, 3600, 86_400].map((unit) => Math.floor(time / unit)) as [
    number,
    number,
    number,
  ]
  if (hours === 0) return two(minutes, 'm', time % 60, 's')
  if (days === 0) return two(hours, 'h', minutes % 60, 'm')
  return two(days, 'd', hours % 24, 'h')
}

/** A size: `512 B`, `1.5 kB`, `61 MB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let size = bytes
  let unit = 0
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${short(size)} ${units[unit]}`
}

/**
 * A fact, as a person reads it.
 *
 * @param now - seconds since 1970
 */
export function factText(name: string, value: Fact, now: Seconds): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value !== 'number') return clipped(visible(String(value)))
  if (/^bytes|Bytes$/.test(name)) return bytesText(value)
  if (MOMENTS.has(name) && value > BILLION) return momentText(value - now)
  if (DURATIONS.has(name) || /Timeout$|Delay$/.test(name)) return durationText(value)
  return Number.isInteger(value) ? String(value) : short(value)
}

function momentText(ahead: Seconds): string {
  return ahead > 0 ? `in ${durationText(ahead)}` : `${durationText(-ahead)} ago`
}

/** Three digits that count. */
function short(value: number): string {
  return String(Number(value.toPrecision(3)))
}

function two(large: number, unit: string, small: number, smallUnit: string): string {
  const rest = Math.floor(small)
  return rest === 0 ? `${large} ${unit}` : `${large} ${unit} ${rest} ${smallUnit}`
}

function clipped(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
