/**
 * Measures what the packages cost: `bench [NAME…] [--quick] [--check] [--rounds N] [--json FILE] [--growth] [--write]`.
 *
 * @module
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { table } from '@sennit/checks/table'
import { comparisons } from './comparisons/index.ts'
import { machine } from './machine.ts'
import { barRows, BARS_HEAD, sideRows, SIDES_HEAD } from './report/rows.ts'
import { type Measured, type Rounds, runComparison } from './run-comparison.ts'
import { judge } from './verdict.ts'

const FULL: Rounds = { least: 40, most: 160, peers: 6 }
const QUICK: Rounds = { least: 3, most: 3, peers: 1 }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    json: { type: 'string' },
  },
})
const chosen = comparisons.filter(
  ({ name }) =>
    positionals.length === 0 || positionals.some((part) => name === part || name.startsWith(`${part}-`)),
)
if (chosen.length === 0) {
  const names = comparisons.map(({ name }) => name).join(' ')
  throw new Error(`there is no comparison called '${positionals.join(' ')}' among ${names}`)
}
const rounds: Rounds = values.quick
  ? QUICK
  : values.rounds === undefined
    ? FULL
    : { least: Number(values.rounds), most: Number(values.rounds), peers: Math.min(6, Number(values.rounds)) }

const bars: string[][] = []
const results: Record<string, readonly Measured[]> = {}
let failures = 0
for (const comparison of chosen) {
  console.log(`\n${comparison.name}: ${comparison.title}`)
  const start = performance.now()
  const measured = await runComparison(comparison, values.quick ? 'quick' : 'full', rounds, (round) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${round} rounds`)
  })
  if (process.stderr.isTTY) process.stderr.write('\r')
  console.log(table([SIDES_HEAD, ...sideRows(comparison, measured)]))
  const rows = barRows(comparison, measured)
  if (rows.length > 0) console.log(`\n${table([BARS_HEAD, ...rows])}`)
  console.log(`${((performance.now() - start) / 1000).toFixed(0)} s`)
  bars.push(...rows)
  failures += judge(comparison, measured).filter(({ holds }) => !holds).length
  results[comparison.name] = measured
}
console.log(`\n${table([BARS_HEAD, ...bars])}`)
console.log(`\n${bars.length - failures} of ${bars.length} bars hold`)
if (values.json !== undefined) {
  const told = Object.entries(results).map(([name, measured]) => [
    name,
    Object.fromEntries(
      measured.map(({ side, rounds: figures, unavailable }) => [side.name, unavailable ?? figures]),
    ),
  ])
  writeFileSync(values.json, `${JSON.stringify({ ...machine(), comparisons: Object.fromEntries(told) })}\n`)
}
if (values.check && failures > 0) process.exitCode = 1
