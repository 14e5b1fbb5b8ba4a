import { describe, expect, it } from 'vitest'
import { chartOf } from '../page/chart.js'

const delay = (mean: number, max: number) => ({ time: 0, mean, p50: mean, p99: max, max })

describe('chartOf', () => {
  it('says so when nothing was measured yet', () => {
    expect(chartOf([])).toEqual({ mean: '', max: '', scale: 0.02, text: 'not measured yet' })
  })

  it('ends at now, the newest on the right', () => {
    const { mean, max, text } = chartOf([delay(0.01, 0.02), delay(0, 0)])
    expect(mean).toBe('M238 24L240 47')
    expect(max).toBe('M238 1L240 47L240 48L238 48Z')
    expect(text).toBe('0 ms now, 5.0 ms on average, 20 ms at most')
  })

  it.each([
    [0.001, 0.02],
    [0.021, 0.05],
    [0.07, 0.1],
    [0.15, 0.2],
    [0.9, 1],
    [1.5, 2],
  ])('has room for a delay of %d s by a scale to %d s', (max, scale) => {
    expect(chartOf([delay(0, max)]).scale).toBeCloseTo(scale)
  })

  it('shows the last two minutes', () => {
    const many = Array.from({ length: 500 }, () => delay(0.001, 0.001))
    expect(chartOf(many).mean.match(/[ML]/g)).toHaveLength(120)
  })
})
