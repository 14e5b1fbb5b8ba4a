import { expect, it } from 'vitest'
import { count } from '../src/count.ts'
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
  expect(count(reported('passed', 'passed').root)).toEqual({ passed: 16, failed: 0, faults: [] })
})

it('counts the tests that failed', () => {
  expect(count(reported('passed', 'failed').root)).toEqual({ passed: 8, failed: 8, faults: [] })
})

it('counts a package without tests as failed', () => {
  const fixture = reported('passed')
  report(fixture, `backoff.${NODE}`, [])
  const fault = expect.stringContaining('packages/backoff: no tests')
  expect(count(fixture.root)).toEqual({ passed: 7, failed: 1, faults: [fault] })
})

it('counts a package that is missing on one Node as failed', () => {
  const fixture = reported('passed')
  report(
    fixture,
    'packages.node20',
    STRANDS.slice(1).map((name) => testFile(fixture, name, ['passed'])),
  )
  const fault = expect.stringContaining('packages/interfaces: no tests in packages.node20.json')
  expect(count(fixture.root)).toEqual({ passed: 7, failed: 1, faults: [fault] })
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
  expect(count(fixture.root)).toEqual({ passed: 8, failed: 1, faults: [fault] })
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
  expect(count(fixture.root)).toEqual({ passed: 7, failed: 2, faults: [`the step 'lint'`] })
})
