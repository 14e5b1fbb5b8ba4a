/**
 * The delay of the event loop as a chart: its mean, and its peaks.
 *
 * @module
 */
import { formatDuration } from './format.js'

/** @typedef {import('../src/index.ts').LoopDelay} LoopDelay */

export const WIDTH = 240
export const HEIGHT = 48

/** A loop that is never later than this fills no more of the chart than it deserves, in seconds. */
const SMALLEST_SCALE = 0.02

/** How many intervals the chart has room for. */
const ROOM = 120

/**
 * The two lines, and what there is to say about them.
 *
 * @param {readonly LoopDelay[]} history - the newest last
 */
export function chartOf(history) {
  const shown = history.slice(-ROOM)
  const max = Math.max(0, ...shown.map((each) => each.max))
  const scale = niceScale(max)
  const mean = shown.reduce((sum, each) => sum + each.mean, 0) / (shown.length || 1)
  /** @param {'mean' | 'max'} which */
  const line = (which) =>
    shown
      .map((each, at) => {
        const x = WIDTH - ((shown.length - 1 - at) / (ROOM - 1)) * WIDTH
        const y = HEIGHT - (Math.min(each[which], scale) / scale) * (HEIGHT - 2) - 1
        return `${at === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`
      })
      .join('')
  return { mean: line('mean'), max: area(line('max'), shown.length), scale, text: textOf(shown, mean, max) }
}

/**
 * What is under a line.
 *
 * @param {string} line
 * @param {number} points
 */
function area(line, points) {
  if (points === 0) return ''
  const first = WIDTH - ((points - 1) / (ROOM - 1)) * WIDTH
  return `${line}L${WIDTH} ${HEIGHT}L${round(first)} ${HEIGHT}Z`
}

/**
 * The next of 20, 50, 100, 200 … ms.
 *
 * @param {number} max
 */
function niceScale(max) {
  let scale = SMALLEST_SCALE
  for (let step = 0; scale < max; step++) scale *= step % 3 === 0 ? 2.5 : 2
  return scale
}

/**
 * @param {readonly LoopDelay[]} shown
 * @param {number} mean
 * @param {number} max
 */
function textOf(shown, mean, max) {
  const newest = shown.at(-1)
  if (newest === undefined) return 'not measured yet'
  return `${formatDuration(newest.mean)} now, ${formatDuration(mean)} on average, ${formatDuration(max)} at most`
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10
}
