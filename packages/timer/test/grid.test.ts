import { describe, expect, it } from 'vitest'
import { delayToNextPoint, nextPoint, pointsPassed } from '../src/grid.ts'

describe('delayToNextPoint', () => {
  it.each([
    [0, 1, 0, 1],
    [0, 1, 0.25, 0.75],
    [0, 1, 3.25, 0.75],
    [0, 1, 4, 1],
    [2, 0.5, 4, 0.5],
    [0, 0, 5, 0],
  ])('LC-08 LC-09 LC-10 from %d by %d at %d is %d', (start, interval, now, delay) => {
    expect(delayToNextPoint(start, interval, now)).toBe(delay)
  })

  it('LC-10 is a whole interval where the rest is too small to change the time', () => {
    // 0.9 % 0.1 is a hair below 0.1, so that the rest is lost when it is added to 0.9.
    const rest = 0.1 - (0.9 % 0.1)
    expect(rest).toBeGreaterThan(0)
    expect(0.9 + rest).toBe(0.9)
    expect(delayToNextPoint(0, 0.1, 0.9)).toBe(0.1)
  })
})

describe('pointsPassed', () => {
  it.each([
    [0, 1, 0, 1, 1],
    [0, 1, -1, 0, 1],
    [0, 1, 0, 5.5, 5],
    [0, 1, 2.75, 3, 1],
    [0, 1, 2.25, 2.75, 0],
    [10, 1, 9.5, 11, 1],
  ])('LC-33 from %d by %d between %d and %d is %d', (start, interval, from, to, count) => {
    expect(pointsPassed(start, interval, from, to)).toBe(count)
  })

  it('LC-33 cuts off towards zero on both sides of the start', () => {
    expect(pointsPassed(0, 1, -0.5, 0.5)).toBe(0)
    expect(pointsPassed(0, 1, -1.5, 1.5)).toBe(2)
  })
})

describe('nextPoint', () => {
  it.each([
    [0, 1, 0, 0, 1],
    [0, 1, 0.5, 0, 1],
    [0, 1, 1, 0, 2],
    [0, 1, 3.25, 1, 4],
    [0, 1, 4, 1, 5],
    [8, 0.5, 9, 1, 3],
    [0, 1, 0.999, 1, 2],
  ])(
    'LC-07 LC-08 from %d by %d at %d after the point %d is the point %d',
    (start, interval, now, last, next) => {
      expect(nextPoint(start, interval, now, last)).toBe(next)
    },
  )

  it('LC-08 is in the future also where rounding would have it in the present', () => {
    const wrong: number[][] = []
    for (let thousandths = 1; thousandths < 400; thousandths++) {
      const step = thousandths / 1000
      for (let n = 0; n < 50; n++) {
        const now = 0.1 + n * step
        const point = nextPoint(0.1, step, now, 0)
        if (0.1 + point * step <= now || 0.1 + (point - 2) * step >= now) wrong.push([step, n])
      }
    }
    expect(wrong).toEqual([])
  })
})
