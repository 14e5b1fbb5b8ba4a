import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { programFindings } from '../../src/doctor/programs.ts'
import { packageManager } from '../../src/workspace.ts'

const ROOT = resolve(import.meta.dirname, '../../../..')

it.each(['22.18.0', '26.0.0'])('finds Node %s, which is not that of the workspace', (node) => {
  const [finding] = programFindings(ROOT, { node })
  expect(finding).toMatchObject({ what: 'node', mend: expect.stringContaining('npm run bootstrap') })
})

it('is content with the Node that runs the tests of the workspace', () => {
  expect(programFindings(ROOT, { agent: '' })).toEqual([{ what: 'node', found: process.versions.node }])
})

it.each([
  ['pnpm/9.1.0 npm/? node/v24.0.0', '9.1.0, but the workspace takes'],
  [`${packageManager(ROOT).replace('@', '/')} npm/?`, packageManager(ROOT).replace('pnpm@', '')],
])('reads the version of pnpm in %j', (agent, found) => {
  expect(programFindings(ROOT, { agent })[1]?.found).toContain(found)
})

it('says nothing of pnpm when npm started it', () => {
  expect(programFindings(ROOT, { agent: 'npm/11.0.0 node/v24.0.0 linux x64' })).toHaveLength(1)
})
