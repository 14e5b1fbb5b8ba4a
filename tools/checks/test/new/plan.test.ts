import { expect, it } from 'vitest'
import type { Table } from '../../src/layer-table.ts'
import { plan, type Request } from '../../src/new/plan.ts'
import type { Member } from '../../src/workspace.ts'

const TABLE: Table = {
  interfaces: { layer: 0, uses: [] },
  runtime: { layer: 1, uses: ['interfaces'] },
  service: { layer: 2, uses: ['interfaces', 'runtime'] },
  planned: { layer: 2, uses: [], later: true },
}
const ALL: Member[] = ['packages/interfaces', 'packages/runtime', 'packages/service', 'tools/docs'].map(
  (folder) => ({
    folder,
    name: `@sennit/${folder.split('/')[1]}`,
    manifest: {},
  }),
)

function faults(request: Request): string[] {
  const { made, faults: found } = plan(request, TABLE, ALL)
  expect(made).toBe(undefined)
  return found.map(({ wrong }) => wrong)
}

it('takes the roles and the runtime when nothing is said, and the layer above them', () => {
  expect(plan({ short: 'rate-limit' }, TABLE, ALL)).toEqual({
    made: {
      short: 'rate-limit',
      name: '@sennit/rate-limit',
      folder: 'packages/rate-limit',
      factory: 'rateLimit',
      about: 'What rate-limit is, in one line.',
      row: { layer: 2, uses: ['interfaces', 'runtime'] },
      dependencies: ['interfaces', 'runtime'],
    },
    faults: [],
  })
})

it('declares only what the first source imports', () => {
  const uses = ['interfaces', 'runtime', 'service']
  expect(plan({ short: 'x', uses }, TABLE, ALL).made).toMatchObject({
    row: { layer: 3, uses },
    dependencies: ['interfaces', 'runtime'],
  })
  expect(plan({ short: 'x', uses: [] }, TABLE, ALL).made).toMatchObject({
    row: { layer: 0 },
    dependencies: [],
  })
})

it.each(['', 'Rate', 'rate_limit', '-x', 'x-', 'x--y', '1x', '../x', '@sennit/x', 'a b', 'x'.repeat(61)])(
  'refuses the malformed name %j',
  (short) => {
    expect(faults({ short })).toEqual([expect.stringContaining('is malformed')])
  },
)

it.each(['import', 'new', 'await', 'yield', 'defer-later', 'system-clock'])(
  'refuses the name %s, by which nothing can be called',
  (short) => {
    expect(faults({ short })).toEqual([expect.stringContaining('nothing can be called')])
  },
)

it.each([
  ['service', 'packages/service'],
  ['docs', 'tools/docs'],
  ['planned', 'a row of the layer table'],
])('refuses the name %s, which is taken', (short, owner) => {
  expect(faults({ short })).toEqual([expect.stringContaining(`is taken by ${owner}`)])
})

it.each([
  [{ layer: 2, uses: ['service'] }, `'x' (layer 2) uses 'service', which is on layer 2`],
  [{ layer: 1, uses: ['service'] }, `'x' (layer 1) uses 'service', which is on layer 2`],
  [{ layer: 3, uses: ['nothing'] }, `'x' (layer 3) uses 'nothing', which is not in the table`],
  [{ uses: ['x'] }, `'x' (layer 0) uses 'x', which is on layer 0`],
  [{ layer: NaN, uses: [] }, `'--layer' must be a whole number, 0 or more, got NaN`],
  [{ layer: 1.5, uses: [] }, `'--layer' must be a whole number, 0 or more, got 1.5`],
  [{ about: 'two\nlines' }, `'--about' must be one line without '|'`],
])('refuses %j', (request, wrong) => {
  expect(faults({ short: 'x', ...request })).toEqual([wrong])
})

it('tells everything that is wrong at once', () => {
  expect(faults({ short: 'X', layer: -1, uses: ['service'] })).toHaveLength(3)
})
