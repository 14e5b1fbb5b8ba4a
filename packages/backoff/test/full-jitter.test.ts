import { describe, expect, it } from 'vitest'
import { fullJitter } from '../src/index.ts'

describe('fullJitter', () => {
  it.each([
    [1, 0, 0],
    [1, 0.5, 0.75],
    [2, 0.5, 1.125],
    [1000, 0.5, 30],
    [1000, 1 - Number.EPSILON / 2, 60],
  ])('after %d failures with the random number %d waits %d s', (failures, random, delay) => {
    expect(fullJitter()(failures, () => random)).toBeCloseTo(delay, 12)
  })

  it('BP-04 BP-05 never goes over the ceiling, however many failures there are', () => {
    const policy = fullJitter({ factor: 1e10, maxDelay: '8s' })
    for (const failures of [1, 1751, 1_000_000, Infinity]) {
      expect(policy(failures, () => 0.999)).toBeLessThanOrEqual(8)
      expect(policy(failures, () => 0.999)).toBeGreaterThan(7.9)
    }
  })

  it('BP-06 is never negative and never NaN', () => {
    expect(fullJitter()(1, () => NaN)).toBe(1.5)
    expect(fullJitter()(1, () => -1)).toBe(0)
    expect(fullJitter({ initialDelay: 0, factor: Infinity })(1751)).toBe(0)
  })

  it('takes the randomness of the process when it is given none', () => {
    const policy = fullJitter()
    expect(new Set(Array.from({ length: 50 }, () => policy(10))).size).toBeGreaterThan(1)
  })

  it('refuses bad options when the policy is made', () => {
    expect(() => fullJitter({ factor: NaN })).toThrow(expect.objectContaining({ option: 'factor' }))
  })
})
