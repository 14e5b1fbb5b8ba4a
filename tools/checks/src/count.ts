/**
 * Sums what the test runners report, and finds what they cannot report themselves: a package whose report is missing,
 * one that has no tests, a test file that did not load, a step of the check that failed.
 *
 * Run as a program it prints `N passed, N failed`, and how many were skipped if any were; it ends with 1 when something
 * failed. With `SENNIT_COMPLETE` set nothing may be skipped.
 *
 * @module
 */
import { posix, relative } from 'node:path'
import { members, readJsonIfAny } from './workspace.ts'

/** Where the reports are, from the root. */
export const REPORTS = '.reports'

/** Where the check writes down how its steps ended. */
export const STEPS = `${REPORTS}/steps.json`

/** How one step of the check ended. */
export interface Step {
  readonly script: string
  readonly ok: boolean
}

/** What all reports say together. */
export interface Sum {
  readonly passed: number
  /** The tests that failed, and the faults. */
  readonly failed: number
  /** The tests that did not run, as a rule because what they talk to is not installed. */
  readonly skipped: number
  /** What is wrong besides tests that failed. */
  readonly faults: readonly string[]
}

interface Report {
  readonly testResults: readonly TestFile[]
}

interface TestFile {
  readonly name: string
  readonly status: string
  readonly assertionResults: readonly { readonly status: string }[]
}

/** A suite that must have run: the files of one package on one Node. */
interface Expected {
  readonly folder: string
  readonly report: string
}

/** How strictly is counted. */
export interface CountOptions {
  /** Whether a skipped test is a fault. @defaultValue whether `SENNIT_COMPLETE` is set */
  readonly complete?: boolean
}

/** Sums the reports of the workspace at `root`. */
export function count(
  root: string,
  { complete = Boolean(process.env['SENNIT_COMPLETE']) }: CountOptions = {},
): Sum {
  const faults: string[] = []
  const statuses = expected(root).flatMap(({ folder, report }) => {
    const files = readJsonIfAny<Report>(root, `${REPORTS}/${report}`)?.testResults.filter(
      ({ name }) => !relative(posix.join(root, folder), name).startsWith('..'),
    )
    if (!files) {
      faults.push(`${folder}: no report ${report}; its tests did not run to the end`)
      return []
    }
    const results = files.flatMap(({ assertionResults }) => assertionResults)
    if (results.length === 0) faults.push(`${folder}: no tests in ${report}; every package has some`)
    for (const { name, status, assertionResults } of files) {
      const explained = assertionResults.some((result) => result.status === 'failed')
      if (status === 'failed' && !explained) faults.push(`${relative(root, name)}: did not load or tear down`)
      const left = assertionResults.filter((result) => isSkipped(result.status)).length
      if (complete && left > 0)
        faults.push(`${relative(root, name)}: ${left} tests were skipped in ${report}`)
    }
    return results.map(({ status }) => status)
  })
  const broken = statuses.filter((status) => status === 'failed').length
  faults.push(...stepFaults(root, broken + faults.length > 0))
  const passed = statuses.filter((status) => status === 'passed').length
  const skipped = statuses.filter(isSkipped).length
  return { passed, failed: broken + faults.length, skipped, faults }
}

/** The line that says it all. */
export function summary({ passed, failed, skipped }: Sum): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

function isSkipped(status: string): boolean {
  return status !== 'passed' && status !== 'failed'
}

/** Every package runs on the Node of the workspace and on Node 20, a tool that has tests on the former alone. */
function expected(root: string): Expected[] {
  const node = `node${process.versions.node.split('.')[0]}`
  return members(root).flatMap(({ folder, manifest }) => {
    if (folder.startsWith('packages/')) {
      return [
        { folder, report: `${posix.basename(folder)}.${node}.json` },
        { folder, report: 'packages.node20.json' },
      ]
    }
    return manifest.scripts?.['test'] ? [{ folder, report: `${posix.basename(folder)}.${node}.json` }] : []
  })
}

/** A failed test explains why its step failed; any other step that failed counts for itself. */
function stepFaults(root: string, explained: boolean): string[] {
  const steps = readJsonIfAny<Step[]>(root, STEPS)
  if (!steps) return ['the check did not run to its end']
  return steps
    .filter(({ script, ok }) => !ok && !(explained && script.startsWith('test:')))
    .map(({ script }) => `the step '${script}'`)
}

if (import.meta.main) {
  const sum = count(process.cwd())
  for (const fault of sum.faults) console.error(`FAILED ${fault}`)
  console.log(summary(sum))
  if (sum.failed > 0) process.exitCode = 1
}
