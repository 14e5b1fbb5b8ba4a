/**
 * Numbers for people.
 *
 * @module
 */

/** @returns three significant digits */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size >= 100) return Math.round(value).toLocaleString('en')
  return value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 3)
}

/** @returns a span, such as `0.98–1.03` */
export function shownSpan([low, high]: readonly [number, number]): string {
  return `${shown(low)}–${shown(high)}`
}
