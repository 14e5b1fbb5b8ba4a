/**
 * Whether the bars of a comparison hold.
 *
 * @module
 */
import type { Bar, Comparison, Quantity } from './comparison.ts'
import type { Measured } from './run-comparison.ts'
import { type Spread, spread } from './statistics.ts'

/** How wide the interval of the median may be, up and down, as a part of what is measured. */
const WIDEST = 0.05

/** What became of a bar. */
export interface Verdict {
  readonly bar: Bar
  readonly quantity: Quantity
  readonly spread: Spread
  /** Whether the median keeps the limit. */
  readonly isKept: boolean
  /** Whether the interval is too wide for a judgement. */
  readonly isVague: boolean
  /** Whether the limit is missed, but by no more than is known. */
  readonly isExpected: boolean
  /** Whether the bar holds. */
  readonly holds: boolean
}

/** @returns a verdict for each bar whose sides have been measured */
export function judge(comparison: Comparison, measured: readonly Measured[]): readonly Verdict[] {
  const reference = measured[0]!
  return comparison.bars.map((bar) => {
    const { limit, by = 'ratio', quantity: name } = bar
    const subject = measured.find(({ side }) => side.name === bar.side)
    const quantity = comparison.quantities[name]
    if (subject === undefined || quantity === undefined) {
      throw new Error(`a bar of ${comparison.name} is about '${bar.side}' and '${name}', which are not there`)
    }
    const values = pairs(subject, reference, name, by)
    const { median, interval } = spread(values)
    // A difference is vague or not beside the whole, of which it may be a small part.
    const whole =
      by === 'difference' ? spread(pairs(reference, reference, name, 'value')).median : Math.abs(median)
    const keeps = (value: number, bound: number) =>
      quantity.better === 'lower' ? value <= bound : value >= bound
    // What is missed for sure has only to stay within what is known.
    const isMissed = interval.every((end) => !keeps(end, limit))
    const bound = (isMissed ? bar.reached : undefined) ?? (bar.isFar === true ? limit : undefined)
    const isVague =
      bound === undefined
        ? (interval[1] - interval[0]) / 2 > WIDEST * whole
        : interval.some((end) => !keeps(end, bound))
    const isKept = keeps(median, limit)
    const isExpected = !isKept && bar.reached !== undefined && keeps(median, bar.reached)
    return { bar, quantity, spread: spread(values), isKept, isVague, isExpected, holds: isKept && !isVague }
  })
}

/** @returns for each round in which both took part, what the one comes to beside the other */
export function pairs(
  subject: Measured,
  reference: Measured,
  quantity: string,
  by: NonNullable<Bar['by']>,
): readonly number[] {
  return subject.rounds.flatMap((figures, round) => {
    const value = figures[quantity]
    const other = reference.rounds[round]?.[quantity]
    if (value === undefined || (by !== 'value' && other === undefined)) return []
    if (by === 'value') return [value]
    return [by === 'ratio' ? value / other! : value - other!]
  })
}
