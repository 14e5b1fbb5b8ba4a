/**
 * What is kept of a comparison: no single figures, but how they lie.
 *
 * @module
 */
import type { Comparison, Quantity, Side } from '../comparison.ts'
import type { Machine } from '../machine.ts'
import type { Measured } from '../run-comparison.ts'
import { type Spread, spread } from '../statistics.ts'
import { judge, pairs } from '../verdict.ts'

/** What was found of one side. */
interface SideSummary {
  readonly name: string
  readonly role: Side['role']
  readonly size?: number | undefined
  /** Why it could not be measured. */
  readonly unavailable?: string | undefined
  /** By quantity; what a side does not tell is not there. */
  readonly figures: Readonly<Record<string, Spread>>
  /** By quantity, the median of what it is of the reference's in the same round. */
  readonly ratios: Readonly<Record<string, number>>
}

/** What became of a bar. */
export interface BarSummary extends Spread {
  readonly side: string
  readonly quantity: string
  readonly by: 'ratio' | 'difference' | 'value'
  readonly limit: number
  readonly verdict: 'holds' | 'too vague' | 'missed' | 'missed, see the notes'
}

/** What was found. */
export interface Summary {
  readonly name: string
  readonly title: string
  readonly machine: Machine
  readonly quantities: Readonly<Record<string, Quantity>>
  readonly sides: readonly SideSummary[]
  readonly bars: readonly BarSummary[]
}

export function summarize(comparison: Comparison, measured: readonly Measured[], on: Machine): Summary {
  const { name, title, quantities } = comparison
  const reference = measured[0]!
  const sides = measured.map((each): SideSummary => {
    const figures: Record<string, Spread> = {}
    const ratios: Record<string, number> = {}
    for (const quantity of Object.keys(quantities)) {
      const values = pairs(each, each, quantity, 'value')
      if (values.length > 0) figures[quantity] = spread(values)
      const shares = pairs(each, reference, quantity, 'ratio')
      if (each !== reference && shares.length > 0) ratios[quantity] = spread(shares).median
    }
    const { name: who, role, size } = each.side
    return { name: who, role, size, unavailable: each.unavailable, figures, ratios }
  })
  const bars = judge(comparison, measured).map((judged): BarSummary => {
    const { bar, spread: found, isKept, isVague, isExpected } = judged
    const { side, quantity, by = 'ratio', limit } = bar
    return {
      side,
      quantity,
      by,
      limit,
      ...found,
      verdict: isKept ? (isVague ? 'too vague' : 'holds') : isExpected ? 'missed, see the notes' : 'missed',
    }
  })
  return { name, title, machine: on, quantities, sides, bars }
}
