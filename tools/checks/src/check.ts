/**
 * Everything that must hold before a change is merged: one script of the root manifest after the other, one line each.
 * A step that fails shows what it printed, and does not keep the next ones from running.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { count, REPORTS, STEPS, type Step } from './count.ts'

const SCRIPTS = ['format:check', 'lint', 'layers', 'unused', 'build', 'types', 'test:packages', 'test:node20']

const root = process.cwd()
const reports = join(root, REPORTS)
const env = { ...process.env, SENNIT_REPORTS: reports, TURBO_TELEMETRY_DISABLED: '1' }

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
  if (!ok) console.log(stdout + stderr)
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${script.padEnd(14)} ${seconds.padStart(6)} s`)
  return { script, ok }
})
writeFileSync(join(root, STEPS), JSON.stringify(steps))

const { passed, failed, faults } = count(root)
for (const fault of faults) console.log(`FAILED ${fault}`)
console.log(`${passed} passed, ${failed} failed`)
if (failed > 0) process.exitCode = 1
