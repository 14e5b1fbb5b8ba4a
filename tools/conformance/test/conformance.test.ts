import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { HOME, readBehaviours } from '../src/behaviours.ts'
import { parseDifferences } from '../src/differences.ts'
import { reportFolder, type Result } from './reports.ts'

const ROOT = resolve(HOME, '../..')
const PAGE = parseDifferences(readFileSync(join(ROOT, 'tools/docs/differences.md'), 'utf8'))

/** The numbers that have to be claimed, if the page about the differences is right. */
const CLAIMABLE = readBehaviours()
  .flatMap(({ behaviours }) => behaviours)
  .filter(({ out }) => out === undefined)
  .map(({ number }) => number)
  .filter(
    (number) =>
      !PAGE.entries.some(({ numbers, standing }) => standing === 'differs' && numbers.includes(number)),
  )

function run(results: readonly Result[]): { status: number | null; stdout: string } {
  const env = { ...process.env, SENNIT_REPORTS: reportFolder(ROOT, { node24: results }) }
  const program = join(HOME, 'src/conformance.ts')
  return spawnSync(process.execPath, [program], { cwd: ROOT, env, encoding: 'utf8' })
}

const ALL: readonly Result[] = CLAIMABLE.map((number) => [`${number} does it`, 'passed'])

it('prints the table, and is content when all is accounted for', () => {
  const { status, stdout } = run(ALL)
  expect(stdout).toMatch(/^CS ClientService +84 +84 +0 +0 +0 +100\.0 %$/m)
  expect(stdout).toMatch(/Every behaviour in scope is accounted for\.\n$/)
  expect(status).toBe(0)
})

it.each([
  [
    'a number that nobody claims',
    ALL.filter(([title]) => !title.startsWith('CS-25')),
    /^FAILED CS-25 is claimed by no test/m,
  ],
  [
    'a failing claim',
    ALL.map(([title, status]) => [title, title.startsWith('CS-25') ? 'failed' : status] as const),
    /^FAILED CS-25 is claimed only by tests that failed/m,
  ],
  ['an unknown number', [...ALL, ['CS-85 does it', 'passed'] as const], /^FAILED CS-85 is not in the list/m],
])('fails on %s', (_, results, fault) => {
  const { status, stdout } = run(results)
  expect(stdout).toMatch(fault)
  expect(stdout).toMatch(/^1 faults$/m)
  expect(status).toBe(1)
})
