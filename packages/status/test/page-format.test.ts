import { describe, expect, it } from 'vitest'
import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDuration,
  formatLabel,
  formatLongDuration,
  formatMany,
  formatRough,
  formatShare,
} from '../page/format.js'

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
    [12.5, '13 B'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  it.each([
    [0, '0 ms'],
    [0.000_000_1, '0 ms'],
    [0.000_012, '12 µs'],
    [0.000_999, '999 µs'],
    [0.000_999_9, '1.0 ms'],
    [0.0012, '1.2 ms'],
    [0.0999, '100 ms'],
    [0.25, '250 ms'],
    [0.9994, '999 ms'],
    [0.9996, '1 s'],
    [3.21, '3.2 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
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
    [0.4, '0 s'],
    [3.21, '3 s'],
    [250, '4 min 10 s'],
    [-1, '0 s'],
  ])('writes %d s, which are counted, as %s', (seconds, text) => {
    expect(formatLongDuration(seconds)).toBe(text)
  })

  it.each([
    [3.21, '3 s'],
    [250, '4 min'],
    [183_600, '2 d'],
  ])('writes roughly %d s as %s', (seconds, text) => {
    expect(formatRough(seconds)).toBe(text)
  })

  it.each([
    [1000, 'now'],
    [1000.4, 'now'],
    [997, '3 s ago'],
    [1003, 'in 3 s'],
    [800, '3 min ago'],
  ])('writes the time %d, at 1000, as %s', (time, text) => {
    expect(formatAgo(time, 1000)).toBe(text)
  })

  it.each([
    [0, '0'],
    [999, '999'],
    [1234, '1\u202F234'],
    [1_234_567, '1\u202F234\u202F567'],
    [-1234, '-1\u202F234'],
    [0.123_45, '0.1235'],
    [1e21, '1e+21'],
  ])('writes the count %d as %s', (count, text) => {
    expect(formatCount(count)).toBe(text)
  })

  it.each([
    [0, '0 %'],
    [0.0123, '1.2 %'],
    [0.5, '50 %'],
    [1.996, '200 %'],
  ])('writes the share %d as %s', (share, text) => {
    expect(formatShare(share)).toBe(text)
  })

  it('writes one of something, and many', () => {
    expect([formatMany(1, 'service'), formatMany(1200, 'service')]).toEqual([
      '1 service',
      '1\u202F200 services',
    ])
  })

  it.each([
    ['lastFlushAt', 'last flush at'],
    ['queue', 'queue'],
    ['totalCPU', 'totalCPU'],
    ['ipv4Peers', 'ipv4 peers'],
  ])('makes words of the name of code %s: %s', (name, words) => {
    expect(formatLabel(name)).toBe(words)
  })
})
