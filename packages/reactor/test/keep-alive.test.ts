import { describe, expect, it } from 'vitest'
import type { Duration } from '@sennit/interfaces'
import { keepAliveDelay } from '../src/keep-alive.ts'

describe('keepAliveDelay', () => {
  it.each<[Duration | false, number | undefined]>([
    ['15s', 5_000],
    [11, 1_000],
    [11.9, 1_000],
    ['1m', 50_000],
    [Infinity, undefined],
    [false, undefined],
  ])('fault 2: leaves room for the ten probes in %s', (budget, delay) => {
    expect(keepAliveDelay(budget)).toBe(delay)
  })

  it.each([0, '5s', 10.9])('refuses %s, which the probes do not fit in', (budget) => {
    expect(() => keepAliveDelay(budget as Duration)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION', option: 'keepAlive' }),
    )
  })
})
