import { expect, it } from 'vitest'
import { count, summary } from '../src/count.ts'
import { Fixture } from './fixture.ts'

const NODE = `node${process.versions.node.split('.')[0]}`
const STRANDS = ['interfaces', 'runtime', 'backoff', 'service']

/** A workspace whose every package reports these statuses on both Nodes, as a check that went well leaves it. */
function reported(...statuses: string[]): Fixture {
  const fixture = new Fixture()
  const files = STRANDS.map((name) => testFile(fixture, name, statuses))
  for (const [index, name] of STRANDS.entries()) report(fixture, `${name}.${NODE}`, [files[index]])
  report(fixture, 'packages.node20', files)
  fixture.write('.reports/steps.json', JSON.stringify([{ script: 'lint', ok: true }]))
  return fixture
}

function testFile({ root }: Fixture, name: string, statuses: string[], status = 'passed'): object {
  const assertionResults = statuses.map((each) => ({ status: each }))
  return { name: `${root}/packages/${name}/test/index.test.ts`, status, assertionResults }
}

function report(fixture: Fixture, name: string, testResults: unknown[]): void {
  fixture.write(`.reports/${name}.json`, JSON.stringify({ testResults }))
}

it('sums all packages on both Nodes', () => {
  expect(count(reported('passed', 'passed').root)).toEqual({ passed: 16, failed: 0, skipped: 0, faults: [] })
})

it('counts the tests that failed', () => {
  expect(count(reported('passed', 'failed').root)).toEqual({ passed: 8, failed: 8, skipped: 0, faults: [] })
})

it('counts a package without tests as failed', () => {
  const fixture = reported('passed')
  report(fixture, `backoff.${NODE}`, [])
  const fault = expect.stringContaining('packages/backoff: no tests')
  expect(count(fixture.root)).toEqual({ passed: 7, failed: 1, skipped: 0, faults: [fault] })
})

it('counts a package that is missing on one Node as failed', () => {
  const fixture = reported('passed')
  report(
    fixture,
    'packages.node20',
    STRANDS.slice(1).map((name) => testFile(fixture, name, ['passed'])),
  )
  const fault = expect.stringContaining('packages/interfaces: no tests in packages.node20.json')
  expect(count(fixture.root)).toEqual({ passed: 7, failed: 1, skipped: 0, faults: [fault] })
})

it('counts every report that is missing as failed', () => {
  const { passed, failed, faults } = count(new Fixture().root)
  expect({ passed, failed }).toEqual({ passed: 0, failed: 9 })
  expect(faults.at(-1)).toBe('the check did not run to its end')
})

it('counts a test file that did not load as failed', () => {
  const fixture = reported('passed')
  report(fixture, `backoff.${NODE}`, [
    testFile(fixture, 'backoff', ['passed']),
    testFile(fixture, 'backoff', [], 'failed'),
  ])
  const fault = 'packages/backoff/test/index.test.ts: did not load or tear down'
  expect(count(fixture.root)).toEqual({ passed: 8, failed: 1, skipped: 0, faults: [fault] })
})

it('counts a step that failed, and one of tests only when no test explains it', () => {
  const fixture = reported('passed')
  const steps = [
    { script: 'lint', ok: false },
    { script: 'test:node20', ok: false },
  ]
  fixture.write('.reports/steps.json', JSON.stringify(steps))
  expect(count(fixture.root).faults).toEqual([`the step 'lint'`, `the step 'test:node20'`])
  report(fixture, `backoff.${NODE}`, [testFile(fixture, 'backoff', ['failed'], 'failed')])
  expect(count(fixture.root)).toEqual({ passed: 7, failed: 2, skipped: 0, faults: [`the step 'lint'`] })
})

it.each(['skipped', 'pending', 'todo'])('counts tests that are %s apart', (status) => {
  const { root } = reported('passed', status)
  expect(count(root, { complete: false })).toEqual({ passed: 8, failed: 0, skipped: 8, faults: [] })
})

it('counts each file with tests that were skipped as failed where nothing may be skipped', () => {
  const { failed, skipped, faults } = count(reported('passed', 'skipped').root, { complete: true })
  expect({ failed, skipped }).toEqual({ failed: 8, skipped: 8 })
  expect(faults).toContain(
    `packages/backoff/test/index.test.ts: 1 tests were skipped in backoff.${NODE}.json`,
  )
})

it('says it in one line, with the skipped ones if there are any', () => {
  const sum = { passed: 3, failed: 1, skipped: 0, faults: [] }
  expect(summary(sum)).toBe('3 passed, 1 failed')
  expect(summary({ ...sum, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped')
})
