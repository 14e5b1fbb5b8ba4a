/**
 * The rows of the tables: what was measured of each side, and what became of each bar.
 *
 * @module
 */
import { shown, shownSpan } from './figure.ts'
import type { BarSummary, Summary } from './summary.ts'

export const SIDES_HEAD: readonly string[] = ['quantity', 'side', 'median', 'quartiles', 'to reference', 'n']

export const BARS_HEAD: readonly string[] = [
  'comparison',
  'quantity',
  'side',
  'bar',
  'median',
  'quartiles',
  '95 %',
  'n',
  '',
]

/** @returns a row for each quantity of each side */
export function sideRows({ quantities, sides }: Summary): string[][] {
  return Object.entries(quantities).flatMap(([name, { title, unit }]) =>
    sides.flatMap(({ name: who, role, unavailable, figures, ratios }) => {
      if (unavailable !== undefined) return [[title, who, unavailable, '', '', '']]
      const found = figures[name]
      if (found === undefined) return []
      const ratio = ratios[name]
      return [
        [
          title,
          who,
          `${shown(found.median)} ${unit}`.trim(),
          shownSpan(found.quartiles),
          ratio === undefined ? (role === 'reference' ? '1' : '') : shown(ratio),
          String(found.count),
        ],
      ]
    }),
  )
}

/** @returns a row for each bar */
export function barRows(summary: Summary): string[][] {
  return summary.bars.map((bar) => [
    summary.name,
    summary.quantities[bar.quantity]!.title,
    bar.side,
    shownBar(summary, bar),
    shown(bar.median),
    shownSpan(bar.quartiles),
    shownSpan(bar.interval),
    String(bar.count),
    bar.verdict,
  ])
}

/** @returns such as `≤ 1.05`, or `≤ 3 more ms` */
export function shownBar({ quantities }: Summary, { quantity, by, limit }: BarSummary): string {
  const { better, unit } = quantities[quantity]!
  const what = by === 'difference' ? ` ${unit} more` : by === 'value' ? ` ${unit}` : ''
  return `${better === 'lower' ? '≤' : '≥'} ${Number(limit.toPrecision(3))}${what}`.trimEnd()
}
