import { expect, it } from 'vitest'
import { table } from '../src/table.ts'

it('table aligns words to the left and numbers to the right', () => {
  expect(
    table([
      ['name', 'bytes'],
      ['a', 5],
      ['longer', 12_345],
    ]),
  ).toBe('name    bytes\na           5\nlonger  12345')
})
