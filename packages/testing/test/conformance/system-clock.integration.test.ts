import { setTimeout as sleep } from 'node:timers/promises'
import { describe, it, onTestFinished, vi } from 'vitest'
import { systemClock } from '@sennit/runtime'
import { timeConformance } from '../../src/conformance/index.ts'

describe('systemClock', () => {
  timeConformance({ describe, it }, () => {
    // What calls throw goes to stderr.
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    onTestFinished(() => {
      written.mockRestore()
    })
    return {
      clock: systemClock,
      unit: 0.02,
      isExact: false,
      refusesNegative: true,
      errors: () => written.mock.calls.map(([line]) => line),
      run: async (work) => await work,
      until: async (condition) => {
        for (let i = 0; i < 4000 && !condition(); i++) await sleep(1)
        if (!condition()) throw new Error('The condition does not come to hold')
      },
      pass: (seconds) => sleep(seconds * 1000),
    }
  })
})
