import { describe, expect, it } from 'vitest'
import { constantBackoff } from '../src/index.ts'

describe('constantBackoff', () => {
  it('waits the same time after every failure', () => {
    const policy = constantBackoff('250ms')
    expect([0, 1, 2, 1000].map((failures) => policy(failures))).toEqual([0.25, 0.25, 0.25, 0.25])
    expect(constantBackoff()(7)).toBe(1)
  })

  it('asks for no randomness', () => {
    const random = () => {
      throw new Error('asked')
    }
    expect(constantBackoff('1s')(1, random)).toBe(1)
  })

  it('refuses what is no duration when the policy is made', () => {
    expect(() => constantBackoff('soon' as never)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DURATION', message: expect.stringContaining("'delay'") }),
    )
  })
})
