import { describe, expect, it, vi } from 'vitest'
import { Clock } from '@sennit/runtime'
import { constantBackoff, maxAttempts, maxElapsed, retry, type RetryPolicy } from '../src/index.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const random = () => 0.5

describe('maxElapsed', () => {
  it('BP-08 gives up when the next attempt would begin too late', () => {
    const policy = maxElapsed(constantBackoff('10s'), '1m')
    expect([0, 49, 50, 50.1, 60, 1000].map((elapsed) => policy(1, random, elapsed))).toEqual([
      10,
      10,
      10,
      Infinity,
      Infinity,
      Infinity,
    ])
  })

  it('passes everything on, and takes a policy that gives up itself', () => {
    const inner = vi.fn<RetryPolicy>(() => 1)
    expect(maxElapsed(inner, '1m')(3, random, 4)).toBe(1)
    expect(inner.mock.calls).toEqual([[3, random, 4]])
    expect(maxElapsed(maxAttempts(inner, 2), '1m')(2, random, 0)).toBe(Infinity)
    expect(maxAttempts(maxElapsed(inner, '1m'), 9)(2, random, 60)).toBe(Infinity)
    expect(maxElapsed(() => Infinity, Infinity)(1, random, 0)).toBe(Infinity)
  })

  it('leaves nonsense to whoever asked', () => {
    expect(maxElapsed(() => NaN, '1m')(1, random, 0)).toBeNaN()
  })

  it('BP-08 makes retry give up, the time of the attempts included', async () => {
    const clock = new Clock()
    const begun: number[] = []
    const fn = () =>
      new Promise<never>((_, reject) => {
        begun.push(clock.seconds())
        clock.callLater(4, () => reject(new Error(`failure at ${clock.seconds()}`)))
      })
    const promise = retry(fn, { clock, log: silent, policy: maxElapsed(constantBackoff('1s'), '12s') })
    const rejected = expect(promise).rejects.toThrow('failure at 14')
    for (let i = 0; i < 40; i++) {
      clock.advance(0.5)
      for (let turns = 0; turns < 10; turns++) await Promise.resolve()
    }
    await rejected
    expect(begun).toEqual([0, 5, 10])
  })

  it('throws rather than never give up, when it is not told the time', () => {
    const policy = maxElapsed(constantBackoff(), '1m') as (...args: unknown[]) => number
    for (const args of [[1, random], [1, random, NaN], [1]])
      expect(() => policy(...args)).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_BACKOFF_OPTION', option: 'elapsed' }),
      )
  })

  it('refuses what is no duration and what is no policy', () => {
    expect(() => maxElapsed(constantBackoff(), 'long' as never)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }),
    )
    expect(() => maxElapsed(null as never, 1)).toThrow(expect.objectContaining({ option: 'policy' }))
  })
})
