import { describe, expect, it } from 'vitest'
import { equalJitter } from '../src/index.ts'

describe('equalJitter', () => {
  it.each([
    [1, 0, 0.75],
    [1, 0.5, 1.125],
    [2, 0, 1.125],
    [1000, 0, 30],
    [1000, 0.5, 45],
  ])('after %d failures with the random number %d waits %d s', (failures, random, delay) => {
    expect(equalJitter()(failures, () => random)).toBe(delay)
  })

  it('stays between half of the delay and the delay, and never goes over the ceiling', () => {
    const policy = equalJitter({ initialDelay: '2s', factor: 2, maxDelay: '8s' })
    for (const random of [0, 0.3, 1 - Number.EPSILON / 2])
      for (const [failures, delay] of [
        [1, 4],
        [2, 8],
        [3, 8],
      ] as const) {
        expect(policy(failures, () => random)).toBeGreaterThanOrEqual(delay / 2)
        expect(policy(failures, () => random)).toBeLessThanOrEqual(delay)
      }
  })

  it('spreads clients at the ceiling over half of it', () => {
    const policy = equalJitter({ maxDelay: '60s' })
    const perSecond = new Map<number, number>()
    const clients = 10_000
    for (let i = 0; i < clients; i++) {
      const second = Math.floor(policy(50, () => (i + 0.5) / clients))
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
    }
    expect(perSecond.size).toBe(30)
    expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(334)
  })

  it('BP-06 is never negative and never NaN', () => {
    expect(equalJitter()(1, () => NaN)).toBe(1.5)
    expect(equalJitter()(1, () => -10)).toBe(0)
    expect(equalJitter({ initialDelay: 0, factor: Infinity })(1751)).toBe(0)
  })

  it('takes the randomness of the process when it is given none', () => {
    const policy = equalJitter()
    expect(new Set(Array.from({ length: 50 }, () => policy(10))).size).toBeGreaterThan(1)
  })

  it('refuses bad options when the policy is made', () => {
    expect(() => equalJitter({ factor: NaN })).toThrow(expect.objectContaining({ option: 'factor' }))
  })
})
