/**
 * The rows of the tables: what was measured of each side, and what became of each bar.
 *
 * @module
 */
import type { Comparison } from '../comparison.ts'
import type { Measured } from '../run-comparison.ts'
import { spread } from '../statistics.ts'
import { judge, pairs } from '../verdict.ts'
import { shown, shownSpan } from './figure.ts'

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
export function sideRows(comparison: Comparison, measured: readonly Measured[]): string[][] {
  const reference = measured[0]!
  return Object.entries(comparison.quantities).flatMap(([name, { title, unit }]) =>
    measured.map((each) => {
      const who = each.side.name
      if (each.unavailable !== undefined) return [title, who, each.unavailable, '', '', '0']
      const values = pairs(each, each, name, 'value')
      if (values.length === 0) return [title, who, '–', '', '', '0']
      const { median, quartiles, count } = spread(values)
      const ratios = pairs(each, reference, name, 'ratio')
      const ratio = each === reference ? '1' : ratios.length === 0 ? '' : shown(spread(ratios).median)
      return [title, who, `${shown(median)} ${unit}`.trim(), shownSpan(quartiles), ratio, String(count)]
    }),
  )
}

/** @returns a row for each bar */
export function barRows(comparison: Comparison, measured: readonly Measured[]): string[][] {
  return judge(comparison, measured).map(({ bar, quantity, spread: found, isKept, isVague }) => {
    const sign = quantity.better === 'lower' ? '≤' : '≥'
    const by =
      bar.by === 'difference' ? ` more ${quantity.unit}` : bar.by === 'value' ? ` ${quantity.unit}` : ''
    return [
      comparison.name,
      quantity.title,
      bar.side,
      `${sign} ${Number(bar.limit.toPrecision(3))}${by}`.trimEnd(),
      shown(found.median),
      shownSpan(found.quartiles),
      shownSpan(found.interval),
      String(found.count),
      isKept ? (isVague ? 'too vague' : 'holds') : 'MISSED',
    ]
  })
}
