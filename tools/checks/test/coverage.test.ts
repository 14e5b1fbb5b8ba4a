import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Fixture, type Outcome } from './fixture.ts'

/** Runs the tests of one strand, measured as the check does. */
function measured({ root }: Fixture, name: string): Outcome {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run'],
    {
      cwd: join(root, 'packages', name),
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', SENNIT_COVERAGE: '1', SENNIT_REPORTS: '' },
    },
  )
  return { ok: status === 0, output: stdout + stderr }
}

it('is content with a package whose tests run all of its sources', () => {
  expect(measured(new Fixture(), 'runtime')).toMatchObject({ ok: true })
})

it('fails a package of whose sources the tests run too little, and names the lines', () => {
  const fixture = new Fixture()
  fixture.write(
    'packages/runtime/src/index.ts',
    `export const one = 1\n\nexport function two(three: boolean): number {\n  return three ? 3 : 2\n}\n`,
  )
  const { ok, output } = measured(fixture, 'runtime')
  expect(output).toMatch(/index\.ts .*\| 4/)
  expect(output).toContain('Coverage for lines (50%) does not meet global threshold (95%)')
  expect(output).toContain('Coverage for branches (0%) does not meet global threshold (90%)')
  expect(ok).toBe(false)
})
