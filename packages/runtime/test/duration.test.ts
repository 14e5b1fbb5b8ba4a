import { describe, expect, it } from 'vitest'
import { toSeconds, type Duration } from '../src/index.ts'

describe('toSeconds', () => {
  it.each<[Duration, number]>([
    [0, 0],
    [1.5, 1.5],
    [Infinity, Infinity],
    ['250ms', 0.25],
    ['1ms', 0.001],
    ['10s', 10],
    ['0s', 0],
    ['1.5s', 1.5],
    ['.5s', 0.5],
    ['5m', 300],
    ['1h', 3600],
    ['0.5h', 1800],
  ])('reads %j as %d seconds', (value, seconds) => {
    expect(toSeconds(value)).toBe(seconds)
  })

  it.each<[unknown, number]>([
    [-1, 0],
    [Number.NaN, 0],
    [undefined, 0],
    [null, 0],
    [{}, 0],
    ['', 0],
    ['10', 2],
    ['10 s', 2],
    ['10S', 2],
    ['10sec', 2],
    ['1.s', 1],
    ['1e3s', 1],
    ['0x5s', 1],
    ['-1s', 0],
    ['+1s', 0],
    [' 1s', 0],
    ['1s ', 1],
    ['s', 0],
    ['Infinitys', 0],
    ['1d', 1],
  ])('refuses %j, and tells where the mistake begins', (value, position) => {
    expect(() => toSeconds(value as Duration, 'maxDelay')).toThrow(
      expect.objectContaining({ name: 'DurationError', code: 'ERR_SENNIT_DURATION', position }),
    )
  })

  it('names the option, what it wanted and what it got', () => {
    expect(() => toSeconds('10 s' as Duration, 'maxDelay')).toThrow(
      "Cannot read a duration: 'maxDelay' must be seconds, or a number with the unit 'ms', 's', 'm' or 'h', got \"10 s\" (position 2)",
    )
    expect(() => toSeconds(-1, 'maxDelay')).toThrow(/'maxDelay' must be seconds.*, 0 or more, got -1$/)
  })
})
