/**
 * Counts, from the reports of the last test run, how much of the original a passing test proves: prints the table and the
 * faults, and ends with 1 when there is one. Without reports it runs the tests first.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readBehaviours } from './behaviours.ts'
import { readClaims, type Claims } from './claims.ts'
import { parseDifferences } from './differences.ts'
import { judge } from './judge.ts'
import { table } from './table.ts'

const DIFFERENCES = 'tools/docs/differences.md'

const root = process.cwd()
const reports = resolve(root, process.env['SENNIT_REPORTS'] ?? '.reports')

function claimsOfLastRun(): Claims {
  const claims = readClaims(root, reports)
  if (claims.reports > 0) return claims
  mkdirSync(reports, { recursive: true })
  const env = { ...process.env, SENNIT_REPORTS: reports }
  spawnSync(process.execPath, ['--run', 'test:packages'], { cwd: root, env, stdio: 'inherit' })
  return readClaims(root, reports)
}

const sections = readBehaviours()
const differences = parseDifferences(readFileSync(join(root, DIFFERENCES), 'utf8'))
const { verdicts, faults } = judge(sections, claimsOfLastRun(), differences)

for (const line of table(sections, verdicts)) console.log(line)
for (const fault of faults) console.log(`FAILED ${fault}`)
console.log(faults.length === 0 ? 'Every behaviour in scope is accounted for.' : `${faults.length} faults`)
if (faults.length > 0) process.exitCode = 1
