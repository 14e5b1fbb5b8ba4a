import { describe, expect, it } from 'vitest'
import { sortInSteps, STEP } from '../src/sort-in-steps.ts'

/** The same numbers each time, in no order. */
function numbers(length: number): Float64Array {
  let state = 1
  return Float64Array.from({ length }, () => (state = (state * 48271) % 2147483647) / 1000)
}

function sorted(values: Float64Array): { result: Float64Array; steps: number } {
  const sorting = sortInSteps(values)
  for (let steps = 0; ; steps++) {
    const { done, value } = sorting.next()
    if (done) return { result: value, steps }
  }
}

describe('sortInSteps', () => {
  it.each([0, 1, 2, STEP - 1, STEP, STEP + 1, 2 * STEP, 3 * STEP + 17, 8 * STEP, 100_003])(
    'sorts %i numbers',
    (length) => {
      const values = numbers(length)
      expect(sorted(values).result).toEqual(values.toSorted())
    },
  )

  it('leaves its input as it was', () => {
    const values = numbers(10)
    const before = values.slice()
    sorted(values)
    expect(values).toEqual(before)
  })

  it('does no more than one step of work between two yields', () => {
    const length = 64 * STEP
    // Each of the 6 merging passes, and the pass that sorts the runs, goes over all numbers once.
    expect(sorted(numbers(length)).steps).toBe(64 * 7)
  })
})
