import { describe, expect, it } from 'vitest'
import { graphiteLines } from '../src/graphite-lines.ts'
import { Metrics } from '../src/metrics.ts'

function linesOf(text: string, interval = 10): string[] {
  const metrics = new Metrics()
  metrics.take(text)
  const lines: string[] = []
  for (const _step of graphiteLines(metrics.snapshot(), interval, 1700000000.9, lines));
  return lines
}

describe('graphiteLines', () => {
  it('writes a counter with its rate by second', () => {
    expect(linesOf('a:5|c')).toEqual([
      'stats.counters.a.count 5 1700000000\n',
      'stats.counters.a.rate 0.5 1700000000\n',
      'stats.statsd.bad_lines 0 1700000000\n',
      'stats.statsd.metrics 1 1700000000\n',
    ])
  })

  it('writes gauges, sets and the number of bad lines', () => {
    const lines = linesOf('g:1.5|g\ns:a|s\ns:b|s\nbad')
    expect(lines).toContain('stats.gauges.g 1.5 1700000000\n')
    expect(lines).toContain('stats.sets.s.count 2 1700000000\n')
    expect(lines).toContain('stats.statsd.bad_lines 1 1700000000\n')
  })

  it('summarises a timer', () => {
    const samples = Array.from({ length: 200 }, (_, at) => `t:${200 - at}|ms`).join('\n')
    expect(linesOf(samples).filter((line) => line.startsWith('stats.timers.t.'))).toEqual(
      [
        ['count', 200],
        ['lower', 1],
        ['upper', 200],
        ['sum', 20100],
        ['mean', 100.5],
        ['p50', 100],
        ['p90', 180],
        ['p95', 190],
        ['p99', 198],
      ].map(([key, value]) => `stats.timers.t.${key} ${value} 1700000000\n`),
    )
  })

  it('adds up tenths without a tail of digits', () => {
    expect(linesOf('a:0.1|c\na:0.2|c')[0]).toBe('stats.counters.a.count 0.3 1700000000\n')
  })

  it('yields between metrics, so that many of them do not hold up the loop', () => {
    const metrics = new Metrics()
    for (let at = 0; at < 1024; at++) metrics.take(`c${at}:1|c`)
    expect([...graphiteLines(metrics.snapshot(), 1, 0, [])]).toHaveLength(4)
  })
})
