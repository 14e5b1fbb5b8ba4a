/**
 * What is said of a row of measurements.
 *
 * @module
 */

/** How the values of a row lie. */
export interface Spread {
  readonly count: number
  readonly median: number
  /** Half of the values lie between these. */
  readonly quartiles: readonly [number, number]
  /** With a probability of 95 %, the median of all that could be measured lies between these. */
  readonly interval: readonly [number, number]
}

/** @throws {RangeError} when there are no values */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('there are no values')
  const sorted = values.toSorted((a, b) => a - b)
  const count = sorted.length
  // By the order of the values alone, whatever their distribution: so many of them are as often below the true median as not.
  const below = Math.max(0, Math.floor((count - 1.96 * Math.sqrt(count)) / 2))
  return {
    count,
    median: quantile(sorted, 0.5),
    quartiles: [quantile(sorted, 0.25), quantile(sorted, 0.75)],
    interval: [sorted[below]!, sorted[count - 1 - below]!],
  }
}

function quantile(sorted: readonly number[], part: number): number {
  const place = (sorted.length - 1) * part
  const low = Math.floor(place)
  const high = Math.ceil(place)
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (place - low)
}
