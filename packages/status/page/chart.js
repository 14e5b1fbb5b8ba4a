/**
 * The delay of the event loop as a chart: a bar for each interval, its peak behind its mean.
 *
 * @module
 */
import { formatDuration } from './format.js'

/** @typedef {import('../src/index.ts').LoopDelay} LoopDelay */

/** How many intervals the chart has room for: each is one unit wide. */
export const ROOM = 120
const HEIGHT = 48

/** How much of its unit a bar fills. */
const WIDTH = 0.7

/** The least height of a bar: one that is measured is seen. */
const LEAST = 0.75

/** A loop that is never later than this does not fill the chart, in seconds. */
const SMALLEST_SCALE = 0.02

/** From here on others wait so long that people notice, in seconds. */
const LATE = 0.1

/**
 * The bars as paths of an SVG of `ROOM` by `HEIGHT`, and what there is to say about them.
 *
 * @typedef {object} Chart
 * @property {string} peaks
 * @property {string} late - the peaks from `LATE` on
 * @property {string} means
 * @property {number} scale - what the height stands for, in seconds
 * @property {string} text - all of it, in words
 * @property {string} shortText
 */

/**
 * @param {readonly LoopDelay[]} history - the newest last
 * @returns {Chart}
 */
export function chartOf(history) {
  const shown = history.slice(-ROOM)
  const max = shown.reduce((most, each) => Math.max(most, each.max), 0)
  const scale = niceScale(max)
  let peaks = ''
  let late = ''
  let means = ''
  shown.forEach((each, index) => {
    const x = ROOM - shown.length + index
    const peak = bar(x, each.max / scale)
    if (each.max >= LATE) late += peak
    else peaks += peak
    means += bar(x, each.mean / scale)
  })
  return { peaks, late, means, scale, ...textsOf(shown, max) }
}

/**
 * @param {number} x
 * @param {number} share - of the height
 */
function bar(x, share) {
  const height = Math.min(HEIGHT, Math.max(LEAST, share * HEIGHT))
  return `M${x} ${HEIGHT}V${Math.round((HEIGHT - height) * 100) / 100}h${WIDTH}V${HEIGHT}Z`
}

/**
 * The next of 20, 50, 100, 200 … ms.
 *
 * @param {number} max
 */
function niceScale(max) {
  let scale = SMALLEST_SCALE
  for (let step = 0; scale < max; step++) scale *= step % 3 === 0 ? 2.5 : 2
  return Number(scale.toPrecision(1))
}

/**
 * @param {readonly LoopDelay[]} shown
 * @param {number} max
 */
function textsOf(shown, max) {
  const newest = shown.at(-1)
  if (newest === undefined) return { text: 'not measured yet', shortText: 'not measured yet' }
  const average = shown.reduce((sum, each) => sum + each.mean, 0) / shown.length
  const [now, mean, peak] = [newest.mean, average, max].map(formatDuration)
  const late = shown.filter((each) => each.max >= LATE).length
  const often =
    late === 0 ? '' : `, ${late} of ${shown.length} intervals with more than ${formatDuration(LATE)}`
  return {
    text: `${now} now, ${mean} on average, ${peak} at most${often}`,
    shortText: `now ${now} · mean ${mean} · peak ${peak}`,
  }
}
