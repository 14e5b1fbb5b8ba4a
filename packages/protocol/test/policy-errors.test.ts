import { describe, expect, it } from 'vitest'
import { checkedCount, checkedRate, PolicyOptionError } from '../src/policy-errors.ts'

describe('PolicyOptionError', () => {
  it('says which option must be what', () => {
    expect(new PolicyOptionError('readLimit', 'a number', 'fast')).toMatchObject({
      name: 'PolicyOptionError',
      code: 'ERR_SENNIT_POLICY_OPTION',
      option: 'readLimit',
      message: "Cannot make a policy: 'readLimit' must be a number, got fast",
    })
  })

  it.each([0, 1, 100, Infinity])('%d is a number of connections', (count) => {
    expect(checkedCount('n', count)).toBe(count)
  })

  it.each([-1, 1.5, NaN, '3', null])('%o is no number of connections', (count) => {
    expect(() => checkedCount('n', count as number)).toThrow(PolicyOptionError)
  })

  it.each([0.5, 1000, Infinity])('%d is a rate', (rate) => {
    expect(checkedRate('r', rate)).toBe(rate)
  })

  it.each([0, -1, NaN, '3', null])('%o is no rate', (rate) => {
    expect(() => checkedRate('r', rate as number)).toThrow(PolicyOptionError)
  })
})
