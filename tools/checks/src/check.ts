/**
 * Everything that must hold before a change is merged: one script of the root manifest after the other, one line each.
 * A step that fails shows what it printed, and does not keep the next ones from running.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { count, REPORTS, STEPS, summary, type Step } from './count.ts'
import { missingPackages } from './missing-packages.ts'

const SCRIPTS = [
  'format:check',
  'lint',
  'layers',
  'unused',
  'build',
  'types',
  'hygiene',
  'test:packages',
  'test:node20',
  'release:check',
  'conformance',
]

/** What these print is worth reading when they are content, too. */
const SHOWN = ['release:check', 'conformance']

const root = process.cwd()
const reports = join(root, REPORTS)
const env = { ...process.env, SENNIT_REPORTS: reports, SENNIT_COVERAGE: '1', TURBO_TELEMETRY_DISABLED: '1' }

rmSync(reports, { recursive: true, force: true })
mkdirSync(reports)

const steps = SCRIPTS.map((script): Step => {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--run', script], {
    cwd: root,
    env,
    encoding: 'utf8',
    maxBuffer: Infinity,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ok = status === 0
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  if (!ok || SHOWN.includes(script)) console.log(stdout + stderr)
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${script.padEnd(14)} ${seconds.padStart(6)} s`)
  return { script, ok }
})
writeFileSync(join(root, STEPS), JSON.stringify(steps))

const sum = count(root)
for (const fault of sum.faults) console.log(`FAILED ${fault}`)
if (sum.skipped > 0) {
  const missing = missingPackages(root)
  console.log(`skipped what needs ${missing.join(', ') || 'another machine'}; see .ci/debian`)
}
console.log(summary(sum))
if (sum.failed > 0) process.exitCode = 1
