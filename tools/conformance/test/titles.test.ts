import { expect, it } from 'vitest'
import { claimedNumbers } from '../src/titles.ts'

it.each([
  ['CS-25 closes the transport', ['CS-25']],
  ['PR-26 PR-28 removes its file', ['PR-26', 'PR-28']],
  ['PR-26, PR-28 removes its file', ['PR-26', 'PR-28']],
  ['RX-26 fault 13: one family only', ['RX-26']],
  ['CK-02, CK-03 CK-04 one turn', ['CK-02', 'CK-03', 'CK-04']],
  ['closes as CS-25 does', []],
  ['a CS-25', []],
  ['UTF-8 is taken', []],
  ['', []],
])('%j claims %j', (title, numbers) => {
  expect(claimedNumbers(title)).toEqual(numbers)
})

it.each([
  'CS-25: closes',
  'CS-25',
  'CS-25/CS-26 close',
  'CS-25–27 close',
  'CS-25,CS-26 close',
  'CS-25  closes',
])('%j begins like a claim, and is none', (title) => {
  expect(claimedNumbers(title)).toBeUndefined()
})
