import { describe, expect, it } from 'vitest'
import { PrometheusText } from '../src/prometheus-text.ts'

const runs = { name: 'runs_total', type: 'counter', help: 'Runs.' } as const
const size = { name: 'size_bytes', type: 'gauge', help: 'Size.' } as const

describe('PrometheusText', () => {
  it('writes each family once, with all its samples together', () => {
    const text = new PrometheusText()
    text.add(runs, 1, { service: 'a' })
    text.add(size, 2.5)
    text.add(runs, 3, { service: 'b', kind: 'x' })
    expect(String(text)).toBe(
      '# HELP runs_total Runs.\n# TYPE runs_total counter\nruns_total{service="a"} 1\nruns_total{service="b",kind="x"} 3\n' +
        '# HELP size_bytes Size.\n# TYPE size_bytes gauge\nsize_bytes 2.5\n',
    )
  })

  it('escapes labels', () => {
    const text = new PrometheusText()
    text.add(size, 1, { service: 'a"b\\c\nd' })
    expect(String(text)).toContain('size_bytes{service="a\\"b\\\\c\\nd"} 1\n')
  })

  it('leaves out what has no value', () => {
    const text = new PrometheusText()
    text.add(size, null)
    text.add(size, undefined)
    expect(String(text)).toBe('')
  })
})
