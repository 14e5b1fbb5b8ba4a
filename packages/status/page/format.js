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
  return `${unit === 0 ? Math.round(size) : size.toFixed(size < 9.95 ? 1 : 0)} ${UNITS[unit]}`
}

/**
 * A length of time, such as `250 ms`, `3.2 s`, `4 min 10 s`, `2 d 3 h`.
 *
 * @param {number} seconds
 * @returns {string}
 */
export function formatDuration(seconds) {
  if (seconds < 0) return `−${formatDuration(-seconds)}`
  if (seconds < 0.000_999_5) return seconds < 5e-7 ? '0 ms' : `${Math.round(seconds * 1e6)} µs`
  if (seconds < 0.009_95) return `${(seconds * 1000).toFixed(1)} ms`
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 9.95) return `${trim(seconds.toFixed(1))} s`
  return formatLongDuration(seconds)
}

/**
 * The same in whole seconds, for what is counted second by second.
 *
 * @param {number} seconds
 * @returns {string}
 */
export function formatLongDuration(seconds) {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return two(whole, 60, 'min', 1, 's')
  if (whole < 86_400) return two(whole, 3600, 'h', 60, 'min')
  return two(whole, 86_400, 'd', 3600, 'h')
}

/**
 * How long ago something was, such as `3 min ago`; of what is to come, `in 5 s`.
 *
 * @param {number} time - seconds since 1970
 * @param {number} now - seconds since 1970
 */
export function formatAgo(time, now) {
  const age = now - time
  if (Math.abs(age) < 0.5) return 'now'
  const whole = formatRough(Math.abs(age))
  return age > 0 ? `${whole} ago` : `in ${whole}`
}

/**
 * A length of time in its largest unit, such as `3 min`.
 *
 * @param {number} seconds
 */
export function formatRough(seconds) {
  return /** @type {string} */ (/^\S+ \S+/.exec(formatLongDuration(seconds))?.[0])
}

/**
 * A number, its thousands set apart, with no more than three digits behind the point.
 *
 * @param {number} count
 */
export function formatCount(count) {
  if (!Number.isSafeInteger(count)) return String(Number(count.toPrecision(4)))
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, '\u202F')
}

/**
 * A share of a whole, such as `3.5 %`.
 *
 * @param {number} share
 */
export function formatShare(share) {
  const percent = share * 100
  return `${trim(percent.toFixed(percent < 9.95 ? 1 : 0))} %`
}

/**
 * So many of something: `1 service`, `2 services`.
 *
 * @param {number} count
 * @param {string} noun
 */
export function formatMany(count, noun) {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/**
 * A word of code as words of a sentence: `bytesRead` is `bytes read`.
 *
 * @param {string} name
 */
export function formatLabel(name) {
  return name.replaceAll(
    /([a-z\d])([A-Z])(?![A-Z])/g,
    (_, before, after) => `${before} ${after.toLowerCase()}`,
  )
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
