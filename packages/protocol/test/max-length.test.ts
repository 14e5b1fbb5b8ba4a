import { describe, expect, it } from 'vitest'
import { checkedMaxLength } from '../src/max-length.ts'

describe('checkedMaxLength', () => {
  it.each([1, 16_384, Infinity])('takes %s', (value) => {
    expect(checkedMaxLength(value)).toBe(value)
  })

  it.each([0, -1, Number.NaN, '9' as unknown as number])('refuses %s', (value) => {
    expect(() => checkedMaxLength(value)).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_MAX_LENGTH' }))
  })
})
