/**
 * Sorting in steps of bounded work, so that others may run in between.
 *
 * @module
 */

/** How many numbers one step handles at most. */
export const STEP = 4096

/**
 * Sorts numbers in ascending order by merging sorted runs; yields after each step of at most `STEP` numbers.
 *
 * @returns the sorted numbers; `values` is left as it was
 */
export function* sortInSteps(values: Float64Array): Generator<void, Float64Array> {
  let from = new Float64Array(values.length)
  for (let start = 0; start < values.length; start += STEP) {
    from.set(values.subarray(start, start + STEP), start)
    from.subarray(start, start + STEP).sort()
    yield
  }
  let to = new Float64Array(values.length)
  for (let width = STEP; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      yield* merge(
        from,
        to,
        start,
        Math.min(start + width, values.length),
        Math.min(start + 2 * width, values.length),
      )
    }
    ;[from, to] = [to, from]
  }
  return from
}

/** Merges the sorted runs `[start, middle)` and `[middle, end)` of `from` into `to`. */
function* merge(
  from: Float64Array,
  to: Float64Array,
  start: number,
  middle: number,
  end: number,
): Generator<void, void> {
  let left = start
  let right = middle
  for (let at = start; at < end;) {
    const stop = Math.min(at + STEP, end)
    for (; at < stop; at++) {
      const takeLeft = right >= end || (left < middle && from[left]! <= from[right]!)
      to[at] = takeLeft ? from[left++]! : from[right++]!
    }
    yield
  }
}
