import { describe, expect, it, vi } from 'vitest'
import type { Random } from '@sennit/interfaces'
import { seededRandom } from '@sennit/testing'
import { decorrelatedJitter } from '../src/index.ts'

/** What the original does: each delay is drawn from the one before. */
function original(random: Random) {
  let delay = 1
  return () => (delay = Math.min(60, 1 + random() * (3 * delay - 1)))
}

function quantiles(values: number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b)
  return [0.05, 0.25, 0.5, 0.75, 0.95].map((share) => sorted[Math.floor(share * sorted.length)]!)
}

describe('decorrelatedJitter', () => {
  it('draws each delay between the shortest and three times the one before', () => {
    const policy = decorrelatedJitter()
    expect([0, 1, 2, 3].map((failures) => policy(failures, () => 0))).toEqual([1, 1, 1, 1])
    expect([0, 1, 2, 3].map((failures) => policy(failures, () => 0.5))).toEqual([1, 2, 3.5, 5.75])
    const most = () => 1 - Number.EPSILON / 2
    expect([1, 2, 3, 4, 5].map((failures) => policy(failures, most))).toEqual(
      [3, 9, 27, 60, 60].map((delay) => expect.closeTo(delay, 10)),
    )
  })

  it.each([1, 2, 3, 5, 10, 40])('after %d failures is spread as one that remembers', (failures) => {
    const clients = 20_000
    const random = seededRandom(failures, 'redrawn')
    const policy = decorrelatedJitter()
    const redrawn = Array.from({ length: clients }, () => policy(failures, random))
    const other = seededRandom(failures, 'remembered')
    const remembered = Array.from({ length: clients }, () => {
      const next = original(other)
      for (let i = 1; i < failures; i++) next()
      return next()
    })
    const expected = quantiles(remembered)
    for (const [i, quantile] of quantiles(redrawn).entries()) {
      expect(Math.abs(quantile / expected[i]! - 1)).toBeLessThan(0.06)
    }
  })

  it('draws one random number for each failure, and 100 at most', () => {
    const policy = decorrelatedJitter()
    const random = vi.fn<Random>(() => 0.1)
    for (const [failures, draws] of [
      [0, 0],
      [1, 1],
      [2.9, 2],
      [7, 7],
      [100, 100],
      [1e9, 100],
      [Infinity, 100],
      [NaN, 100],
      [-3, 0],
    ] as const) {
      random.mockClear()
      policy(failures, random)
      expect(random).toHaveBeenCalledTimes(draws)
    }
  })

  it('BP-07 keeps no state: the same randomness gives the same delays, in any order', () => {
    const policy = decorrelatedJitter()
    const delay = (failures: number) => policy(failures, seededRandom(failures))
    const delays = [1, 2, 3, 4].map(delay)
    expect([4, 3, 2, 1].map(delay)).toEqual(delays.toReversed())
  })

  it('BP-05 BP-06 stays between the bounds, and is never negative and never NaN', () => {
    expect(decorrelatedJitter()(3, () => NaN)).toBe(1)
    expect(decorrelatedJitter()(3, () => -100)).toBe(0)
    expect(decorrelatedJitter({ initialDelay: '2m' })(5, () => 0.5)).toBe(60)
    expect(decorrelatedJitter({ initialDelay: 0 })(5, () => 0.5)).toBe(0)
    const huge = decorrelatedJitter({ initialDelay: Infinity, maxDelay: Infinity, factor: 1e300 })
    for (const random of [0, 0.5, 0.999]) {
      expect(huge(1751, () => random)).toBeGreaterThan(1)
      expect(huge(1751, () => random)).toBeLessThan(Infinity)
    }
  })

  it('takes the randomness of the process when it is given none', () => {
    const policy = decorrelatedJitter()
    expect(new Set(Array.from({ length: 50 }, () => policy(10))).size).toBeGreaterThan(1)
  })

  it.each([0.9, NaN, Infinity, '3'])('refuses the factor %o when the policy is made', (factor) => {
    expect(() => decorrelatedJitter({ factor: factor as number })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_BACKOFF_OPTION', option: 'factor' }),
    )
  })

  it('refuses a bad delay when the policy is made', () => {
    expect(() => decorrelatedJitter({ initialDelay: -1 })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }),
    )
  })
})
