import { describe, expect, it, vi } from 'vitest'
import type { Random } from '@sennit/interfaces'
import { backoffPolicy } from '../src/index.ts'

describe('backoffPolicy', () => {
  it.each([
    [0, 2],
    [1, 2.5],
    [10, 1.5 ** 10 + 1],
    [20, 61],
    [100, 61],
  ])('BP-01 BP-02 after %d failures with a jitter of 1 waits %d s', (failures, delay) => {
    expect(backoffPolicy({ jitter: () => 1 })(failures)).toBeCloseTo(delay, 12)
  })

  it('BP-02 the first failure waits initialDelay times factor', () => {
    expect(backoffPolicy({ initialDelay: '100ms', factor: 2, jitter: () => 0 })(1)).toBe(0.2)
  })

  it('BP-03 adds the jitter after the ceiling, and asks for it once in a call, with the randomness', () => {
    const random = () => 0.25
    const jitter = vi.fn<(given: Random) => number>((given) => 4 * given())
    const policy = backoffPolicy({ maxDelay: '10s', jitter })
    expect(policy(50, random)).toBe(11)
    expect(jitter.mock.calls).toEqual([[random]])
  })

  it('BP-03 has a jitter of up to one second, from the randomness that the call is given', () => {
    const random = vi.fn<Random>(() => 0.75)
    expect(backoffPolicy()(1, random)).toBe(2.25)
    expect(random).toHaveBeenCalledOnce()
  })

  it('takes the randomness of the process when it is given none', () => {
    const policy = backoffPolicy()
    const delays = Array.from({ length: 50 }, () => policy(1))
    for (const delay of delays) expect(delay >= 1.5 && delay < 2.5).toBe(true)
    expect(new Set(delays).size).toBeGreaterThan(1)
    const scaled = backoffPolicy({ jitter: (random) => random() })
    expect(scaled(1)).not.toBe(scaled(1))
  })

  it.each([1751, 1_000_000, Number.MAX_VALUE])(
    'BP-04 after %d failures waits the longest delay',
    (failures) => {
      expect(backoffPolicy({ jitter: () => 1 })(failures)).toBe(61)
    },
  )

  it('BP-05 waits the longest delay when the power overflows', () => {
    const policy = backoffPolicy({ factor: 1e10, jitter: () => 1 })
    expect(policy(1751)).toBe(61)
    expect(policy(99)).toBe(61)
  })

  it.each([
    ['an initial delay above the ceiling is cut from the first', { initialDelay: '2m' } as const, 1, 60],
    ['a factor below 1 shrinks', { factor: 0.5 }, 2, 0.25],
    [
      'a factor below 1 shrinks also from above the ceiling',
      { initialDelay: '2m', factor: 0.5 } as const,
      2,
      30,
    ],
    ['an initial delay of 0 leaves the jitter', { initialDelay: 0, factor: 1e10 }, 1751, 0],
  ])('BP-06 %s', (_, options, failures, delay) => {
    expect(backoffPolicy({ ...options, jitter: () => 0 })(failures)).toBe(delay)
    expect(backoffPolicy(options)(failures, () => 0.5)).toBe(delay + 0.5)
  })

  it('BP-06 is never negative and never NaN, whatever the jitter says', () => {
    expect(backoffPolicy({ jitter: () => -100 })(1)).toBe(0)
    expect(backoffPolicy({ jitter: () => NaN })(1)).toBe(1.5)
    expect(backoffPolicy()(1, () => NaN)).toBe(1.5)
  })

  it('BP-07 keeps no state: the order and number of calls change nothing', () => {
    const policy = backoffPolicy({ jitter: () => 0 })
    const first = [5, 1, 3, 1].map((failures) => policy(failures))
    expect([5, 1, 3, 1].map((failures) => policy(failures))).toEqual(first)
    expect(first[1]).toBe(first[3])
  })

  it('BP-07 does not see an option that is changed afterwards', () => {
    const options = { factor: 2, jitter: () => 0 }
    const policy = backoffPolicy(options)
    options.factor = 10
    expect(policy(1)).toBe(2)
  })

  it.each([1, 'none', null])('refuses the jitter %o when the policy is made', (jitter) => {
    expect(() => backoffPolicy({ jitter: jitter as never })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_BACKOFF_OPTION', option: 'jitter' }),
    )
  })

  it('refuses a bad factor and a bad delay when the policy is made', () => {
    expect(() => backoffPolicy({ factor: -1 })).toThrow(expect.objectContaining({ option: 'factor' }))
    expect(() => backoffPolicy({ maxDelay: -1 })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }),
    )
  })
})
