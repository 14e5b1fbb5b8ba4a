import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Comparison, type Figures, firstBurst, type Side } from '../src/comparison.ts'
import { barTable, page } from '../src/report/page.ts'
import { plot } from '../src/report/plot.ts'
import { savedResults } from '../src/report/results.ts'
import { type Summary, summarize } from '../src/report/summary.ts'
import { reports } from '../src/report/write.ts'
import type { Measured } from '../src/run-comparison.ts'

const machine = { date: '2026-01-02', node: 'v1', processor: 'a processor', processors: 2, system: 'linux 1' }

function side(name: string, role: Side['role'], size?: number): Side {
  const start = async () => firstBurst(async () => ({}))
  return { name, role, start, ...(size === undefined ? {} : { size }) }
}

function measured(who: Side, ...rounds: Figures[]): Measured {
  return { side: who, rounds }
}

const comparison: Comparison = {
  name: 'echo',
  title: 'An echo',
  quantities: { cpu: { title: 'CPU', unit: 'µs', better: 'lower' } },
  sides: [],
  bars: [{ side: 'ours', quantity: 'cpu', limit: 1.05 }],
}

const rows = [
  measured(side('theirs', 'reference'), { cpu: 10 }, { cpu: 20 }),
  measured(side('ours', 'ours'), { cpu: 10.2 }, { cpu: 20.4 }),
  { ...measured(side('others', 'peer')), unavailable: 'needs something' },
]

const summary = summarize(comparison, rows, machine)

describe('what is told of a comparison', () => {
  it('is the ratio within each round, and whether the bar holds', () => {
    const [bar] = summary.bars
    expect(bar).toMatchObject({ verdict: 'holds', limit: 1.05, count: 2 })
    expect(bar?.median).toBeCloseTo(1.02)
    expect(summary.sides[1]?.ratios['cpu']).toBeCloseTo(1.02)
    expect(
      summarize(comparison, [rows[0]!, measured(rows[1]!.side, { cpu: 20 })], machine).bars[0],
    ).toMatchObject({
      verdict: 'missed',
      median: 2,
    })
  })

  it('says of a bar that is missed as far as is known that there are notes', () => {
    const bars = [{ side: 'ours', quantity: 'cpu', limit: 1, reached: 1.1 }]
    expect(summarize({ ...comparison, bars }, rows, machine).bars[0]).toMatchObject({
      verdict: 'missed, see the notes',
    })
  })

  it('is a table with the bar, the date and the machine', () => {
    const table = barTable([summary])
    expect(table).toContain('| An echo | ours | theirs | CPU | ≤ 1.05 | 1.02 (1.02–1.02) | holds |')
    expect(table).toContain('Measured on 2026-01-02 with Node v1, a processor, 2 processors')
  })

  it('says what was measured elsewhere, or before', () => {
    const elsewhere = { ...summary, title: 'Another', machine: { ...machine, system: 'linux 2' } }
    const before = { ...summary, title: 'An old one', machine: { ...machine, date: '2025-12-31' } }
    const table = barTable([before, summary, elsewhere])
    expect(table).toContain('Measured on 2026-01-02 with Node v1, a processor, 2 processors, linux 1:')
    expect(table).toContain('“Another”: 2026-01-02 with Node v1, a processor, 2 processors, linux 2.')
    expect(table).toContain('“An old one”: 2025-12-31 with')
    expect(table.match(/Measured on/g)).toHaveLength(1)
  })

  it('is a page with every side, those that could not be had, and the notes', () => {
    const text = page([summary], '## Notes\n\nA note.\n')
    expect(text).toContain('| CPU | theirs | 15.0 µs | 12.5–17.5 | 1 | 2 |')
    expect(text).toContain('| CPU | others | needs something |')
    expect(text).toContain('A note.')
  })
})

describe('a plot', () => {
  const growing: Summary = summarize(
    { ...comparison, name: 'growth-echo', bars: [] },
    [
      measured(side('1,000', 'reference', 1000), { cpu: 2 }),
      measured(side('100,000', 'ours', 100_000), { cpu: 4 }),
    ],
    machine,
  )

  it('has its sizes on a logarithmic scale, and begins at 0', () => {
    const svg = plot(growing)
    // From the middle of the height to the top of the scale, from one end to the other.
    expect(svg).toContain('<polyline fill="none" stroke="#2f6fbb" stroke-width="2" points="64,128 536,40"/>')
    expect(svg).toContain('>100,000</text>')
    expect(svg).toContain('>0</text>')
  })

  it('is on the page', () => {
    expect(page([growing], '')).toContain('![An echo](images/growth-echo.svg)')
  })
})

describe('the documentation', () => {
  it('tells of the results that were saved', () => {
    for (const [file, text] of reports(savedResults())) {
      expect(readFileSync(join(import.meta.dirname, '../../..', file), 'utf8'), file).toBe(text)
    }
  })
})
