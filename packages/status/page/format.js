/**
 * Numbers as people read them.
 *
 * @module
 */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/**
 * A number of bytes, such as `1.2 MB`.
 *
 * @param {number} bytes
 */
export function formatBytes(bytes) {
  let unit = 0
  let size = bytes
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000
    unit++
  }
  return `${unit === 0 ? size : size.toFixed(size < 9.95 ? 1 : 0)} ${UNITS[unit]}`
}

/**
 * A length of time, such as `250 ms`, `3.2 s`, `4 min 10 s`, `2 d 3 h`.
 *
 * @param {number} seconds
 * @returns {string}
 */
export function formatDuration(seconds) {
  if (seconds < 0) return `−${formatDuration(-seconds)}`
  if (seconds < 0.00095) return seconds === 0 ? '0 ms' : `${Math.round(seconds * 1e6)} µs`
  if (seconds < 0.00995) return `${(seconds * 1000).toFixed(1)} ms`
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 9.95) return `${trim(seconds.toFixed(1))} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return two(whole, 60, 'min', 1, 's')
  if (whole < 86_400) return two(whole, 3600, 'h', 60, 'min')
  return two(whole, 86_400, 'd', 3600, 'h')
}

/**
 * How long ago something was, such as `3 min 5 s ago`; of what is to come, `in 5 s`.
 *
 * @param {number} time - seconds since 1970
 * @param {number} now - seconds since 1970
 */
export function formatAgo(time, now) {
  const age = now - time
  if (Math.abs(age) < 0.5) return 'now'
  const whole = formatDuration(Math.max(1, Math.round(Math.abs(age))))
  return age > 0 ? `${whole} ago` : `in ${whole}`
}

/**
 * A count, with its thousands set apart.
 *
 * @param {number} count
 */
export function formatCount(count) {
  if (!Number.isInteger(count)) return String(Math.round(count * 1000) / 1000)
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, '\u202F')
}

/**
 * A word of code as words of a sentence: `bytesRead` is `bytes read`.
 *
 * @param {string} name
 */
export function formatLabel(name) {
  return name.replaceAll(/([a-z\d])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`)
}

/** @param {string} number */
function trim(number) {
  return number.replace(/\.0$/, '')
}

/**
 * @param {number} whole
 * @param {number} large
 * @param {string} largeUnit
 * @param {number} small
 * @param {string} smallUnit
 */
function two(whole, large, largeUnit, small, smallUnit) {
  const above = Math.floor(whole / large)
  const below = Math.floor((whole % large) / small)
  return below === 0 ? `${above} ${largeUnit}` : `${above} ${largeUnit} ${below} ${smallUnit}`
}
