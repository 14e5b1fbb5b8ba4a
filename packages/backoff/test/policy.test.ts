import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  backoffPolicy,
  type BackoffPolicy,
  constantBackoff,
  decorrelatedJitter,
  equalJitter,
  fullJitter,
  type GrowthOptions,
  maxAttempts,
  maxElapsed,
  plusMinusJitter,
} from '../src/index.ts'

const MAKERS: readonly (readonly [
  string,
  (options: GrowthOptions) => BackoffPolicy,
  beyond: (max: number) => number,
])[] = [
  ['backoffPolicy', backoffPolicy, (max) => max + 1],
  ['constantBackoff', ({ initialDelay }) => constantBackoff(initialDelay), () => Infinity],
  ['decorrelatedJitter', decorrelatedJitter, (max) => max],
  ['equalJitter', equalJitter, (max) => max],
  ['fullJitter', fullJitter, (max) => max],
  ['plusMinusJitter', plusMinusJitter, (max) => 1.2 * max],
]

const delay = fc.double({ min: 0, max: 1e6, noNaN: true })
const options = fc.record({
  initialDelay: delay,
  maxDelay: delay,
  factor: fc.double({ min: 1, max: 1e6, noNaN: true }),
})
const failures = fc.oneof(fc.nat(200), fc.nat(), fc.double())
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe.each(MAKERS)('%s', (_, make, beyond) => {
  it('BP-04 BP-05 BP-06 answers seconds, 0 or more and no more than it may, whatever it is made of and asked', () => {
    fc.assert(
      fc.property(options, failures, random, (given, failed, drawn) => {
        const answer = make(given)(failed, () => drawn)
        expect(answer).toBeGreaterThanOrEqual(0)
        expect(answer).toBeLessThanOrEqual(beyond(given.maxDelay) * (1 + 1e-12) + 1e-12)
      }),
    )
  })

  it('BP-07 answers the same for the same failures and randomness, wrapped or not', () => {
    fc.assert(
      fc.property(options, fc.nat(50), random, (given, failed, drawn) => {
        const policy = make(given)
        const wrapped = maxElapsed(maxAttempts(policy, 100), Infinity)
        const answer = policy(failed, () => drawn)
        expect(policy(failed, () => drawn)).toBe(answer)
        expect(wrapped(failed, () => drawn, 5)).toBe(answer)
      }),
    )
  })
})
