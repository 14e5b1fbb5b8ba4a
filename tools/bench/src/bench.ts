/**
 * Measures what the packages cost: `bench [NAME…] [--quick] [--check] [--rounds N] [--json FILE] [--save]`.
 *
 * @module
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { table } from '@sennit/checks/table'
import { comparisons } from './comparisons/index.ts'
import { machine } from './machine.ts'
import { barRows, BARS_HEAD, sideRows, SIDES_HEAD } from './report/rows.ts'
import { savedResults, saveResults } from './report/results.ts'
import { type Summary, summarize } from './report/summary.ts'
import { writeReports } from './report/write.ts'
import { type Rounds, runComparison } from './run-comparison.ts'

const FULL: Rounds = { least: 40, most: 160, peers: 6 }
const QUICK: Rounds = { least: 1, most: 1, peers: 1 }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    json: { type: 'string' },
    save: { type: 'boolean', default: false },
  },
})
const names = comparisons.map(({ name }) => name)
// Whether bars hold does not depend on those who have none.
const barsOnly = values.check && !values.save
const chosen = comparisons.filter(
  ({ name, bars }) =>
    !(barsOnly && bars.length === 0) &&
    (positionals.length === 0 || positionals.some((part) => name === part || name.startsWith(`${part}-`))),
)
if (chosen.length === 0) {
  throw new Error(`there is no comparison called '${positionals.join(' ')}' among ${names.join(' ')}`)
}
const wanted = values.quick
  ? QUICK
  : values.rounds === undefined
    ? FULL
    : { least: Number(values.rounds), most: Number(values.rounds), peers: Math.min(6, Number(values.rounds)) }
const rounds: Rounds = barsOnly ? { ...wanted, peers: 0 } : wanted

const bars: string[][] = []
const summaries: Summary[] = []
const figures: Record<string, unknown> = {}
for (const comparison of chosen) {
  console.log(`\n${comparison.name}: ${comparison.title}`)
  const start = performance.now()
  const measured = await runComparison(comparison, values.quick ? 'quick' : 'full', rounds, (round) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${round} rounds`)
  })
  if (process.stderr.isTTY) process.stderr.write('\r')
  const summary = summarize(comparison, measured, machine())
  console.log(table([SIDES_HEAD, ...sideRows(summary)]))
  const rows = barRows(summary)
  if (rows.length > 0) console.log(`\n${table([BARS_HEAD, ...rows])}`)
  console.log(`${((performance.now() - start) / 1000).toFixed(0)} s`)
  bars.push(...rows)
  summaries.push(summary)
  if (values.save) saveResults([summary], names)
  figures[comparison.name] = Object.fromEntries(
    measured.map(({ side, rounds: each, unavailable }) => [side.name, unavailable ?? each]),
  )
}
const verdicts = summaries.flatMap((summary) => summary.bars).map(({ verdict }) => verdict)
const held = verdicts.filter((verdict) => verdict === 'holds').length
const known = verdicts.filter((verdict) => verdict === 'missed, see the notes').length
console.log(`\n${table([BARS_HEAD, ...bars])}`)
console.log(
  `\n${held} of ${bars.length} bars hold; ${known} are missed as the notes say, ${bars.length - held - known} otherwise`,
)
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ ...machine(), comparisons: figures })}\n`)
}
if (values.save) writeReports(savedResults())
if (values.check && held + known < bars.length) process.exitCode = 1
