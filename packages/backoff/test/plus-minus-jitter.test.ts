import { describe, expect, it } from 'vitest'
import { plusMinusJitter } from '../src/index.ts'

describe('plusMinusJitter', () => {
  it('has the numbers of gRPC: one second, 1.6 times as long each time, two minutes at most, give or take a fifth', () => {
    const policy = plusMinusJitter()
    const plain = (failures: number) => policy(failures, () => 0.5)
    expect([1, 2, 3].map(plain)).toEqual([1, 1.6, 2.56].map((delay) => expect.closeTo(delay, 12)))
    expect(plain(11)).toBeCloseTo(1.6 ** 10, 10)
    expect(plain(12)).toBe(120)
    for (const [failures, delay] of [
      [1, 1],
      [2, 1.6],
      [100, 120],
    ] as const) {
      expect(policy(failures, () => 0)).toBeCloseTo(0.8 * delay, 10)
      expect(policy(failures, () => 1 - Number.EPSILON / 2)).toBeCloseTo(1.2 * delay, 10)
    }
  })

  it('spreads a constant delay when the factor is 1', () => {
    const policy = plusMinusJitter({ initialDelay: '10s', factor: 1, jitter: 0.5 })
    expect([1, 50].map((failures) => policy(failures, () => 0))).toEqual([5, 5])
    expect([1, 50].map((failures) => policy(failures, () => 0.75))).toEqual([12.5, 12.5])
  })

  it('has no noise with the jitter 0', () => {
    expect(plusMinusJitter({ jitter: 0, initialDelay: '1s', factor: 2 })(3, () => 0.9)).toBe(8)
  })

  it('BP-06 is never negative and never NaN', () => {
    expect(plusMinusJitter({ jitter: 1 })(1, () => -5)).toBe(0)
    expect(plusMinusJitter({ factor: 1, initialDelay: 3 })(1, () => NaN)).toBe(3)
    expect(plusMinusJitter({ initialDelay: 0, factor: Infinity })(1751)).toBe(0)
  })

  it('takes the randomness of the process when it is given none', () => {
    const policy = plusMinusJitter()
    expect(new Set(Array.from({ length: 50 }, () => policy(10))).size).toBeGreaterThan(1)
  })

  it.each([-0.1, 1.1, NaN, '0.2'])('refuses the jitter %o when the policy is made', (jitter) => {
    expect(() => plusMinusJitter({ jitter: jitter as number })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_BACKOFF_OPTION', option: 'jitter' }),
    )
  })

  it('refuses a bad factor and a bad delay', () => {
    expect(() => plusMinusJitter({ factor: -1 })).toThrow(expect.objectContaining({ option: 'factor' }))
    expect(() => plusMinusJitter({ maxDelay: NaN })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }),
    )
  })
})
