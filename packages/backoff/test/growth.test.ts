import { describe, expect, it } from 'vitest'
import { delayAfter, growth, withNoise } from '../src/growth.ts'

describe('growth', () => {
  it('BP-04 ends where the ceiling is reached, and at the exponent 100 where it never is', () => {
    expect(growth({}).length).toBe(12)
    expect(growth({}).at(-1)).toBe(60)
    expect(growth({ factor: 0.5 })).toHaveLength(101)
    expect(growth({ maxDelay: Infinity })).toHaveLength(101)
    expect(growth({ factor: 1 })).toHaveLength(101)
    expect(growth({ factor: 1, initialDelay: '60s' })).toEqual([60])
  })

  it.each([
    { initialDelay: 0, factor: 1e10 },
    { initialDelay: 0, factor: Infinity },
    { initialDelay: Infinity, factor: 0 },
    { initialDelay: Infinity, factor: 1e-10 },
    { initialDelay: 1, factor: 0 },
    { initialDelay: 1, factor: Infinity },
    { initialDelay: Infinity, maxDelay: Infinity },
  ])('BP-05 has no NaN and nothing negative in it: %o', (options) => {
    for (const delay of growth(options)) expect(delay).toBeGreaterThanOrEqual(0)
  })

  it('BP-05 has no Infinity in it, which would mean to give up, even without a ceiling', () => {
    const delays = growth({ initialDelay: 1e300, factor: 1e10, maxDelay: Infinity })
    expect(delays.at(-1)).toBe(Number.MAX_VALUE)
  })

  it.each([
    [{ factor: NaN }, 'ERR_SENNIT_BACKOFF_OPTION', 'factor'],
    [{ factor: -1 }, 'ERR_SENNIT_BACKOFF_OPTION', 'factor'],
    [{ factor: '2' as never }, 'ERR_SENNIT_BACKOFF_OPTION', 'factor'],
    [{ initialDelay: -1 }, 'ERR_SENNIT_DURATION', 'initialDelay'],
    [{ initialDelay: NaN }, 'ERR_SENNIT_DURATION', 'initialDelay'],
    [{ maxDelay: '1d' as never }, 'ERR_SENNIT_DURATION', 'maxDelay'],
  ])('refuses %o', (options, code, option) => {
    expect(() => growth(options)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`'${option}'`) }),
    )
  })
})

describe('delayAfter', () => {
  const delays = [1, 2, 4]

  it.each([
    [0, 1],
    [1, 2],
    [2, 4],
    [3, 4],
    [1e9, 4],
    [Infinity, 4],
    [1.9, 2],
    [-1, 1],
    [-Infinity, 1],
    [NaN, 4],
  ])('takes %d failures as %d s', (failures, delay) => {
    expect(delayAfter(failures, delays)).toBe(delay)
  })
})

describe('withNoise', () => {
  it.each([
    [3, 1, 3],
    [0, 1, 0],
    [-0.5, 1, 0],
    [-Infinity, 1, 0],
    [NaN, 1, 1],
  ])('makes of %d, where %d was meant without noise, %d', (noisy, plain, delay) => {
    expect(withNoise(noisy, plain)).toBe(delay)
  })
})
