/**
 * The lines of one flush, in Graphite's plain-text form, made in steps of bounded work.
 *
 * @module
 */
import type { Seconds } from '@sennit/interfaces'
import type { Snapshot } from './metrics.ts'
import type { Samples } from './samples.ts'
import { sortInSteps, STEP } from './sort-in-steps.ts'

/** How many metrics are formatted in one step. */
const METRICS_PER_STEP = 256

const PERCENTILES = [50, 90, 95, 99]

/**
 * Adds to `lines` what a snapshot says.
 *
 * @param interval - how long the snapshot was gathered, in seconds
 * @param timestamp - seconds since 1970
 */
export function* graphiteLines(
  snapshot: Snapshot,
  interval: Seconds,
  timestamp: Seconds,
  lines: string[],
): Generator<void, void> {
  const stamp = Math.floor(timestamp)
  let metrics = 0
  const add = (path: string, value: number) => lines.push(`stats.${path} ${number(value)} ${stamp}\n`)

  for (const [name, value] of snapshot.counters) {
    add(`counters.${name}.count`, value)
    add(`counters.${name}.rate`, value / interval)
    if (++metrics % METRICS_PER_STEP === 0) yield
  }
  for (const [name, value] of snapshot.gauges) {
    add(`gauges.${name}`, value)
    if (++metrics % METRICS_PER_STEP === 0) yield
  }
  for (const [name, members] of snapshot.sets) {
    add(`sets.${name}.count`, members.size)
    if (++metrics % METRICS_PER_STEP === 0) yield
  }
  for (const [name, samples] of snapshot.timers) {
    for (const [key, value] of Object.entries(yield* summary(samples))) add(`timers.${name}.${key}`, value)
    if (++metrics % METRICS_PER_STEP === 0) yield
  }
  add('statsd.bad_lines', snapshot.badLines)
  add('statsd.metrics', metrics)
}

function* summary(samples: Samples): Generator<void, Record<string, number>> {
  const sorted = yield* sortInSteps(samples.values)
  let sum = 0
  for (let at = 0; at < sorted.length; at++) {
    sum += sorted[at]!
    if (at % STEP === STEP - 1) yield
  }
  const result: Record<string, number> = {
    count: samples.count,
    lower: sorted[0]!,
    upper: sorted.at(-1)!,
    sum,
    mean: sum / sorted.length,
  }
  for (const percent of PERCENTILES) {
    result[`p${percent}`] = sorted[Math.ceil((percent / 100) * sorted.length) - 1]!
  }
  return result
}

/** Without the last digits, which are noise of binary fractions. */
function number(value: number): string {
  return String(Number(value.toPrecision(12)))
}
