import { describe, expect, it } from 'vitest'
import { bytesText, durationText, factText } from '../src/quantities.ts'

describe('durationText', () => {
  it.each([
    [0, '0 s'],
    [0.000_123_4, '123 µs'],
    [0.0123, '12.3 ms'],
    [1, '1 s'],
    [4.5678, '4.57 s'],
    [60, '1 m'],
    [125.9, '2 m 5 s'],
    [3 * 3600 + 4 * 60 + 5, '3 h 4 m'],
    [2 * 86_400 + 3 * 3600, '2 d 3 h'],
    [365 * 86_400, '365 d'],
    [-2, '-2 s'],
    [Infinity, 'Infinity s'],
  ])('%d is %s', (time, text) => {
    expect(durationText(time)).toBe(text)
  })
})

describe('bytesText', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [61_234_567, '61.2 MB'],
    [5e9, '5 GB'],
    [7e15, '7000 TB'],
  ])('%d is %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text)
  })
})

describe('factText', () => {
  const now = 1_800_000_000

  it.each([
    ['paused', true, 'yes'],
    ['paused', false, 'no'],
    ['runs', 1_234_567, '1234567'],
    ['load', 0.123_456, '0.123'],
    ['bytesRead', 1500, '1.5 kB'],
    ['queuedBytes', 1500, '1.5 kB'],
    ['step', 0.25, '250 ms'],
    ['stopTimeout', 90, '1 m 30 s'],
    ['nextRun', now + 7, 'in 7 s'],
    ['lastRun', now - 7, '7 s ago'],
    ['lastRun', 7, '7'],
    ['address', 'tcp:127.0.0.1:80', 'tcp:127.0.0.1:80'],
    ['cause', 'a\u001b[2J', 'a\\x1b[2J'],
    ['cause', 'x'.repeat(200), `${'x'.repeat(160)}…`],
  ])('%s %j is %s', (name, value, text) => {
    expect(factText(name, value, now)).toBe(text)
  })
})
