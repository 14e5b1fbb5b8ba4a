import { describe, expect, it } from 'vitest'
import { seededRandom } from '@sennit/testing'
import {
  type BackoffPolicy,
  backoffPolicy,
  constantBackoff,
  decorrelatedJitter,
  equalJitter,
  fullJitter,
  plusMinusJitter,
} from '../src/index.ts'

const CLIENTS = 10_000
const OUTAGE = 300

/**
 * Ten thousand clients lose the same server in the same moment, for five minutes, and are refused at once meanwhile.
 *
 * @returns the attempts in the worst second after the first two minutes, and when 99 in 100 clients are back, counted from
 *   the end of the outage
 */
function herd(policy: BackoffPolicy, seed: number): { readonly worst: number; readonly back: number } {
  const random = seededRandom(seed)
  const perSecond = new Map<number, number>()
  const back: number[] = []
  for (let client = 0; client < CLIENTS; client++) {
    let time = 0
    let failures = 0
    while (time < OUTAGE) {
      time += policy(++failures, random)
      const second = Math.floor(time)
      if (second >= 120) perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
    }
    back.push(time - OUTAGE)
  }
  back.sort((a, b) => a - b)
  return { worst: Math.max(...perSecond.values()), back: back[0.99 * CLIENTS]! }
}

describe.each([1, 2, 3])('ten thousand clients, with the seed %d', (seed) => {
  it.each([
    ['equalJitter', equalJitter(), 56],
    ['fullJitter', fullJitter(), 55],
    ['decorrelatedJitter', decorrelatedJitter(), 60],
    ['plusMinusJitter', plusMinusJitter(), 139],
  ])(
    '%s lets 400 of them come in the worst second at most, and brings 99 in 100 back',
    (_, policy, within) => {
      const { worst, back } = herd(policy, seed)
      expect(worst).toBeLessThanOrEqual(400)
      expect(back).toBeLessThan(within)
    },
  )

  it('BP-03 backoffPolicy, whose noise is one second, lets thousands come in one', () => {
    expect(herd(backoffPolicy(), seed).worst).toBeGreaterThan(3500)
  })

  it('constantBackoff lets all of them come at once', () => {
    expect(herd(constantBackoff('10s'), seed).worst).toBe(CLIENTS)
  })
})
