import { expect, it } from 'vitest'
import { withReference, withRow, withTableRow } from '../../src/new/edits.ts'
import type { NewPackage } from '../../src/new/plan.ts'

const MADE: NewPackage = {
  short: 'middle',
  name: '@sennit/middle',
  folder: 'packages/middle',
  factory: 'middle',
  about: 'What is between.',
  row: { layer: 1, uses: ['a', 'b'] },
  dependencies: [],
}
const ROW = `  "middle": { "layer": 1, "uses": ["a", "b"] }`
const A = `  "a": { "layer": 0, "uses": [] }`
const Z = `  "z": {\n    "layer": 2,\n    "uses": ["a"]\n  }`

it.each([
  ['between two', [A, Z], [A, ROW, Z]],
  ['below the last', [A], [A, ROW]],
  ['above the first', [Z], [ROW, Z]],
])('puts a row %s', (_, before, after) => {
  const text = (rows: string[]): string => `{\n${rows.join(',\n')}\n}\n`
  expect(withRow(text(before), MADE)).toBe(text(after))
})

it('touches no table of another form', () => {
  expect(() => withRow('{"a":{"layer":0,"uses":[]}}', MADE)).toThrow('no place found')
})

it.each([
  ['between two', ['packages/a', 'packages/z'], ['packages/a', 'packages/middle', 'packages/z']],
  ['before the tools', ['packages/a', 'tools/a'], ['packages/a', 'packages/middle', 'tools/a']],
  ['after the last', ['packages/a'], ['packages/a', 'packages/middle']],
  ['before the first', ['packages/z'], ['packages/middle', 'packages/z']],
])('puts a reference %s', (_, before, after) => {
  const text = (paths: string[]): string =>
    `{\n  "references": [\n${paths.map((path) => `    { "path": "${path}" }`).join(',\n')}\n  ]\n}\n`
  expect(withReference(text(before), 'packages/middle')).toBe(text(after))
})

it('puts a row into the table of the packages, and leaves a column empty that it does not know', () => {
  const head = '# x\n\n| layer | package | bytes | what it is |\n|---|---|---|---|\n| 0 | a | 1 | first |\n'
  const row = '| 1 | [`@sennit/middle`](packages/middle) | | what is between |\n'
  expect(withTableRow(`${head}| 2 | z | 2 | last |\n\ntext\n`, MADE)).toBe(
    `${head}${row}| 2 | z | 2 | last |\n\ntext\n`,
  )
  expect(withTableRow(`${head}\ntext\n`, MADE)).toBe(`${head}${row}\ntext\n`)
})
