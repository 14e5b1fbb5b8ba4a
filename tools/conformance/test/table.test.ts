import { expect, it } from 'vitest'
import type { Section } from '../src/behaviours.ts'
import { table } from '../src/table.ts'

it('counts by section, the weaknesses, and all; later sections apart', () => {
  const item = (number: string, weak = false): Section['behaviours'][number] => ({ number, text: '', weak })
  const sections: Section[] = [
    {
      letters: 'AB',
      title: 'Some',
      later: false,
      behaviours: ['AB-01', 'AB-02'].map((number) => item(number, number === 'AB-02')),
    },
    { letters: 'CD', title: 'Others', later: true, behaviours: [item('CD-01'), item('CD-02')] },
  ]
  const lines = table(
    sections,
    new Map([
      ['AB-01', 'proven'],
      ['AB-02', 'differs'],
      ['CD-01', 'missing'],
      ['CD-02', 'out'],
    ] as const),
  )
  expect(lines.map((line) => line.trim().replace(/ {2,}/g, ' | '))).toEqual([
    'all | proven | differs | missing | out proven of what is in scope',
    'AB Some | 2 | 1 | 1 | 0 | 0 | 50.0 %',
    'CD Others (later) | 2 | 0 | 0 | 1 | 1 | 0.0 %',
    'weaknesses of the original, done better | 1 | 0 | 1 | 0 | 0 | 0.0 %',
    'all that count now | 2 | 1 | 1 | 0 | 0 | 50.0 %',
    'all | 4 | 1 | 1 | 1 | 1 | 33.3 %',
  ])
})
