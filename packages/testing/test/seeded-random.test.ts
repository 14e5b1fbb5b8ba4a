import { describe, expect, it } from 'vitest'
import { seededRandom } from '../src/index.ts'

const draw = (random: () => number, count: number) => Array.from({ length: count }, () => random())

describe('seededRandom', () => {
  it('repeats for the same seed and stream', () => {
    expect(draw(seededRandom(7, 'a'), 100)).toEqual(draw(seededRandom(7, 'a'), 100))
  })

  it('gives these numbers on every machine', () => {
    expect(draw(seededRandom(1), 3)).toMatchInlineSnapshot(`
      [
        0.1468892158009112,
        0.2950042125303298,
        0.9213730515912175,
      ]
    `)
    expect(draw(seededRandom(1, 'faults'), 3)).toMatchInlineSnapshot(`
      [
        0.9004990155808628,
        0.8528455754276365,
        0.3414857357274741,
      ]
    `)
  })

  it.each([
    ['another seed', seededRandom(2, 'a')],
    ['another stream', seededRandom(1, 'b')],
    ['no stream', seededRandom(1)],
    ['a negative seed', seededRandom(-1, 'a')],
  ])('gives other numbers for %s', (_what, other) => {
    const one = draw(seededRandom(1, 'a'), 20)
    expect(draw(other, 20).filter((n) => one.includes(n))).toEqual([])
  })

  it('stays in [0, 1) and fills it evenly', () => {
    const buckets = Array.from({ length: 10 }, () => 0)
    for (const n of draw(seededRandom(42), 10_000)) {
      expect(n).toBeGreaterThanOrEqual(0)
      expect(n).toBeLessThan(1)
      buckets[Math.floor(n * 10)]!++
    }
    for (const count of buckets) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })

  it('gives first numbers that do not follow the seed', () => {
    const firsts = Array.from({ length: 1000 }, (_, seed) => seededRandom(seed, 'wire 0')())
    const mean = firsts.reduce((sum, n) => sum + n, 0) / firsts.length
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05)
    expect(new Set(firsts).size).toBe(1000)
  })
})
