import { describe, expect, it, vi } from 'vitest'
import { Clock } from '@sennit/runtime'
import { constantBackoff, maxAttempts, retry, type RetryPolicy } from '../src/index.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

describe('maxAttempts', () => {
  it('BP-08 gives up from the so-manieth failure in a row on, and asks the other policy no more', () => {
    const random = () => 0.5
    const inner = vi.fn<RetryPolicy>((failures) => failures * 10)
    const policy = maxAttempts(inner, 3)
    expect([1, 2, 3, 4, 1000].map((failures) => policy(failures, random, 7))).toEqual([
      10,
      20,
      Infinity,
      Infinity,
      Infinity,
    ])
    expect(inner.mock.calls).toEqual([
      [1, random, 7],
      [2, random, 7],
    ])
  })

  it('BP-08 makes retry give up with the last error, after so many attempts', async () => {
    const clock = new Clock()
    const errors: Error[] = []
    const fn = () => {
      errors.push(new Error(`failure ${errors.length + 1}`))
      throw errors.at(-1)!
    }
    const promise = retry(fn, { clock, log: silent, policy: maxAttempts(constantBackoff('1s'), 3) })
    const rejected = expect(promise).rejects.toThrow('failure 3')
    clock.pump([1, 1, 1, 1])
    await rejected
    expect(errors).toHaveLength(3)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it.each([0, NaN, '3', undefined])('refuses %o attempts when the policy is made', (attempts) => {
    expect(() => maxAttempts(constantBackoff(), attempts as number)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_BACKOFF_OPTION', option: 'attempts' }),
    )
  })

  it('refuses what is no policy', () => {
    expect(() => maxAttempts(5 as never, 3)).toThrow(expect.objectContaining({ option: 'policy' }))
  })
})
