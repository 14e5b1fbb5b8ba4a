/**
 * What has to move so that one order becomes another: as little as can be, since what is moved loses its place on the screen.
 *
 * @module
 */

/**
 * Those that may stay where they are: the largest part of `before` that is in the same order in `after`.
 *
 * @template K
 * @param {readonly K[]} before
 * @param {readonly K[]} after - each once
 * @returns {Set<K>}
 */
export function staying(before, after) {
  const place = new Map(after.map((key, index) => [key, index]))
  const kept = before.filter((key) => place.has(key))
  // The longest increasing sequence of places, by patience: the last key of the best sequence of each length, and who came before each.
  /** @type {number[]} */
  const ends = []
  /** @type {(number | undefined)[]} */
  const previous = []
  /** @type {(index: number) => number} */
  const placeAt = (index) => place.get(/** @type {K} */ (kept[index])) ?? -1
  for (let index = 0; index < kept.length; index++) {
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (placeAt(ends[middle] ?? -1) < placeAt(index)) low = middle + 1
      else high = middle
    }
    previous[index] = low === 0 ? undefined : ends[low - 1]
    ends[low] = index
  }
  const result = new Set()
  for (let index = ends.at(-1); index !== undefined; index = previous[index]) result.add(kept[index])
  return result
}
