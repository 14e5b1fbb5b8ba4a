import { describe, it } from 'vitest'
import { Clock } from '@sennit/runtime'
import { timeConformance } from '../../src/conformance/index.ts'

describe('Clock', () => {
  timeConformance({ describe, it }, () => {
    const clock = new Clock()
    const errors: unknown[] = []
    /** `Clock` throws what a call throws; the calls after it run in the next advance. */
    const advance = (seconds: number) => {
      for (let amount = seconds; ; amount = 0) {
        try {
          clock.advance(amount)
          return
        } catch (error) {
          errors.push(error)
        }
      }
    }
    return {
      clock,
      unit: 1,
      isExact: true,
      refusesNegative: false,
      errors: () => errors,
      run: async (work) => await work,
      until: async (condition) => {
        for (let i = 0; i < 100 && !condition(); i++) advance(i === 0 ? 0 : 1)
        if (!condition()) throw new Error('The condition does not come to hold')
      },
      pass: async (seconds) => advance(seconds),
    }
  })
})
