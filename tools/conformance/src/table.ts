/**
 * The count as a table: a row per section, and the sums of those that count now.
 *
 * @module
 */
import type { Behaviour, Section } from './behaviours.ts'
import type { Verdict } from './judge.ts'

const VERDICTS = ['proven', 'differs', 'missing', 'out'] as const
const COLUMNS = ['all', ...VERDICTS, 'proven of what is in scope']

/** @returns the lines of the table. */
export function table(sections: readonly Section[], verdicts: ReadonlyMap<string, Verdict>): string[] {
  const now = sections.filter(({ later }) => !later).flatMap(({ behaviours }) => behaviours)
  const weak = now.filter((behaviour) => behaviour.weak)
  const rows = [
    ...sections.map(({ letters, title, later, behaviours }) => {
      return row(`${letters} ${title}${later ? ' (later)' : ''}`, behaviours, verdicts)
    }),
    row('weaknesses of the original, done better', weak, verdicts),
    row('all that count now', now, verdicts),
    row(
      'all',
      sections.flatMap(({ behaviours }) => behaviours),
      verdicts,
    ),
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return [['', ...COLUMNS] as const, ...rows].map(([name, ...cells]) =>
    [name.padEnd(width), ...cells.map((cell, index) => cell.padStart(index === 5 ? 0 : 8))].join(' '),
  )
}

function row(
  name: string,
  behaviours: readonly Behaviour[],
  verdicts: ReadonlyMap<string, Verdict>,
): [string, ...string[]] {
  const counts = VERDICTS.map(
    (verdict) => behaviours.filter(({ number }) => verdicts.get(number) === verdict).length,
  )
  const [proven = 0, , , out = 0] = counts
  const inScope = behaviours.length - out
  const share = inScope === 0 ? '' : `${((100 * proven) / inScope).toFixed(1)} %`.padStart(9)
  return [name, ...[behaviours.length, ...counts].map(String), share]
}
