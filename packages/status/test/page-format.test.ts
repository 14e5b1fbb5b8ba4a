import { describe, expect, it } from 'vitest'
import { formatAgo, formatBytes, formatCount, formatDuration, formatLabel } from '../page/format.js'

describe('format', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [9949, '9.9 kB'],
    [9950, '10 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [1_234_567, '1.2 MB'],
    [5e9, '5.0 GB'],
    [5e15, '5000 TB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  it.each([
    [0, '0 ms'],
    [0.000_012, '12 µs'],
    [0.0012, '1.2 ms'],
    [0.0999, '100 ms'],
    [0.25, '250 ms'],
    [0.9994, '999 ms'],
    [1, '1 s'],
    [3.21, '3.2 s'],
    [59.4, '59 s'],
    [60, '1 min'],
    [250, '4 min 10 s'],
    [7500, '2 h 5 min'],
    [86_400, '1 d'],
    [183_600, '2 d 3 h'],
    [-3, '−3 s'],
  ])('writes %d s as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })

  it.each([
    [1000, 'now'],
    [997, '3 s ago'],
    [1003, 'in 3 s'],
    [900, '1 min 40 s ago'],
  ])('writes the time %d, at 1000, as %s', (time, text) => {
    expect(formatAgo(time, 1000)).toBe(text)
  })

  it.each([
    [0, '0'],
    [1234, '1\u202F234'],
    [1_234_567, '1\u202F234\u202F567'],
    [0.123_45, '0.123'],
  ])('writes the count %d as %s', (count, text) => {
    expect(formatCount(count)).toBe(text)
  })

  it('makes words of names of code', () => {
    expect(formatLabel('lastFlushAt')).toBe('last flush at')
    expect(formatLabel('queue')).toBe('queue')
  })
})
