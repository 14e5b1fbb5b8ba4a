import { expect, it } from 'vitest'
import { padded, widthOf } from '../src/width.ts'

it.each([
  ['', 0],
  ['abc', 3],
  ['é', 1],
  ['e\u0301', 1],
  ['漢字', 4],
  ['한', 2],
  ['ｱ', 1],
  ['Ａ', 2],
  ['👍🏽', 2],
  ['👩‍👩‍👧', 2],
  ['├─ ', 3],
])('%j is %i wide', (text, width) => {
  expect(widthOf(text)).toBe(width)
})

it('fills text up with spaces, and leaves what is wide enough', () => {
  expect([padded('漢', 4), padded('abc', 2)]).toEqual(['漢  ', 'abc'])
})
