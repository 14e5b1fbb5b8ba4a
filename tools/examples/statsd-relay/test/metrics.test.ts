import { describe, expect, it } from 'vitest'
import { Metrics } from '../src/metrics.ts'

describe('Metrics', () => {
  it('adds up counters, scaled by their sample rate', () => {
    const metrics = new Metrics()
    metrics.take('a:1|c\na:2|c|@0.5\nb:1|c\n')
    expect([...metrics.snapshot().counters]).toEqual([
      ['a', 5],
      ['b', 1],
    ])
  })

  it('moves a gauge by a signed value, and sets it by another', () => {
    const metrics = new Metrics()
    metrics.take('a:10|g\na:-3|g\na:+1|g\nb:+2|g')
    expect([...metrics.snapshot().gauges]).toEqual([
      ['a', 8],
      ['b', 2],
    ])
  })

  it('keeps gauges and forgets the rest after a snapshot', () => {
    const metrics = new Metrics()
    metrics.take('c:1|c\ng:1|g\nt:1|ms\ns:1|s\nnonsense')
    metrics.snapshot()
    const { counters, gauges, timers, sets, badLines } = metrics.snapshot()
    expect([counters.size, timers.size, sets.size, badLines]).toEqual([0, 0, 0, 0])
    expect([...gauges]).toEqual([['g', 1]])
  })

  it('counts the distinct members of a set', () => {
    const metrics = new Metrics()
    metrics.take('s:a|s\ns:b|s\ns:a|s')
    expect(metrics.snapshot().sets.get('s')?.size).toBe(2)
  })

  it('keeps the samples of a timer, and how many they stand for', () => {
    const metrics = new Metrics()
    for (let value = 0; value < 100; value++) metrics.take(`t:${value}|ms|@0.25`)
    const samples = metrics.snapshot().timers.get('t')!
    expect([...samples.values]).toEqual(Array.from({ length: 100 }, (_, value) => value))
    expect(samples.count).toBe(400)
  })

  it('counts and reports a bad line, and takes the rest of the datagram', () => {
    const bad: string[] = []
    const metrics = new Metrics((line) => bad.push(line))
    metrics.take('a:1|c\nnonsense\r\n\na:1|c')
    expect(bad).toEqual(['nonsense'])
    const snapshot = metrics.snapshot()
    expect([snapshot.badLines, snapshot.events]).toEqual([1, 2])
    expect(metrics.snapshot().events).toBe(0)
    expect(snapshot.counters.get('a')).toBe(2)
  })
})
