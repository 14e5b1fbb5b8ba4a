import { describe, expect, it } from 'vitest'
import { chartOf } from '../page/chart.js'

const delay = (mean: number, max: number) => ({ time: 0, mean, p50: mean, p99: max, max })

describe('chartOf', () => {
  it('says so when nothing was measured yet', () => {
    const text = 'not measured yet'
    expect(chartOf([])).toEqual({ means: '', peaks: '', late: '', scale: 0.02, text, shortText: text })
  })

  it('has a bar for each interval, the newest on the right', () => {
    const { means, peaks, late } = chartOf([delay(0.01, 0.02), delay(0.005, 0.015)])
    expect(means).toBe('M118 48V24h0.7V48ZM119 48V36h0.7V48Z')
    expect(peaks).toBe('M118 48V0h0.7V48ZM119 48V12h0.7V48Z')
    expect(late).toBe('')
  })

  it('shows what is not late at all as a thin line', () => {
    expect(chartOf([delay(0, 0)]).means).toBe('M119 48V47.25h0.7V48Z')
  })

  it('sets peaks of 100 ms and more apart', () => {
    const { peaks, late } = chartOf([delay(0.01, 0.0999), delay(0.01, 0.1)])
    expect(peaks).toMatch(/^M118 \S+Z$/)
    expect(late).toMatch(/^M119 \S+Z$/)
  })

  it('says it in words', () => {
    const { text, shortText } = chartOf([delay(0.01, 0.2), delay(0, 0), delay(0.005, 0.02)])
    expect(text).toBe('5.0 ms now, 5.0 ms on average, 200 ms at most, 1 of 3 intervals with more than 100 ms')
    expect(shortText).toBe('now 5.0 ms · mean 5.0 ms · peak 200 ms')
    expect(chartOf([delay(0, 0.02)]).text).toBe('0 ms now, 0 ms on average, 20 ms at most')
  })

  it.each([
    [0, 0.02],
    [0.02, 0.02],
    [0.021, 0.05],
    [0.07, 0.1],
    [0.15, 0.2],
    [0.9, 1],
    [1.5, 2],
  ])('has room for a delay of %d s by a scale to %d s', (max, scale) => {
    expect(chartOf([delay(0, max)]).scale).toBe(scale)
  })

  it('shows the last two minutes', () => {
    const many = Array.from({ length: 500 }, () => delay(0.001, 0.001))
    expect(chartOf(many).means.match(/M/g)).toHaveLength(120)
    expect(chartOf(many).means).toMatch(/^M0 /)
  })
})
