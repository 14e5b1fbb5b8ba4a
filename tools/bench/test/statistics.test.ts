import { describe, expect, it } from 'vitest'
import { spread } from '../src/statistics.ts'

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

describe('the spread of a row', () => {
  it('is that of the one value there is', () => {
    expect(spread([3])).toEqual({ count: 1, median: 3, quartiles: [3, 3], interval: [3, 3] })
  })

  it('does not depend on the order', () => {
    expect(spread([5, 1, 4, 2, 3])).toEqual(spread(upTo(5)))
    expect(spread(upTo(5))).toMatchObject({ median: 3, quartiles: [2, 4], interval: [1, 5] })
  })

  it.each([
    // The ranks of the tables of the binomial distribution.
    [10, [2, 9]],
    [40, [14, 27]],
    [100, [41, 60]],
  ] as const)('has the interval of the order statistics for %i values', (count, interval) => {
    expect(spread(upTo(count)).interval).toEqual(interval)
  })

  it('holds the true median in about 95 of 100 samples', () => {
    let state = 1
    const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647
    let holds = 0
    for (let sample = 0; sample < 2000; sample++) {
      const [low, high] = spread(Array.from({ length: 40 }, () => random() ** 3)).interval
      if (low <= 0.125 && 0.125 <= high) holds++
    }
    expect(holds / 2000).toBeGreaterThan(0.93)
    expect(holds / 2000).toBeLessThan(0.98)
  })

  it('is not defined for nothing', () => {
    expect(() => spread([])).toThrow(RangeError)
  })
})
