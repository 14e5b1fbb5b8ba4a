/**
 * Measures the sides of a comparison in turn, round by round, so that all have the same weather.
 *
 * @module
 */
import type { Comparison, Figures, Scale, Side } from './comparison.ts'
import { judge } from './verdict.ts'

/** The figures of each round in which a side took part; `undefined` when it could not be had, and why. */
export interface Measured {
  readonly side: Side
  readonly rounds: Figures[]
  unavailable?: string
}

/** How often is measured. */
export interface Rounds {
  /** For those that a bar is about. */
  readonly least: number
  /** When an interval is too wide, more rounds are made, up to so many. */
  readonly most: number
  /** For the others. */
  readonly peers: number
}

/** A peer that is not installed. */
export class Unavailable extends Error {}

/** How many rounds are made before it is looked again whether they suffice. */
const MORE = 10

/** Measures, and says after each round how many there have been. */
export async function runComparison(
  comparison: Comparison,
  scale: Scale,
  rounds: Rounds,
  progress: (round: number) => void = () => {},
): Promise<readonly Measured[]> {
  const measured = comparison.sides.map((side): Measured => ({ side, rounds: [] }))
  const together = scale === 'full' ? (comparison.together ?? 1) : 1
  let wanted = Math.min(rounds.least, comparison.rounds ?? Infinity)
  for (let round = 0; round < wanted; round += together) {
    const batch = Array.from({ length: Math.min(together, wanted - round) }, (_, i) => round + i)
    await (comparison.together === undefined
      ? inTurn(measured, round, scale, rounds)
      : Promise.all(batch.flatMap((each) => measured.map((side) => once(side, each, scale, rounds)))))
    progress(round + batch.length)
    const isLast = round + batch.length >= wanted
    if (isLast && wanted < rounds.most && judge(comparison, measured).some(({ isVague }) => isVague)) {
      wanted = Math.min(rounds.most, wanted + MORE)
    }
  }
  return measured
}

/** Every second round goes the other way, so that nobody always comes after the same. */
async function inTurn(
  measured: readonly Measured[],
  round: number,
  scale: Scale,
  rounds: Rounds,
): Promise<void> {
  for (const side of round % 2 === 0 ? measured : measured.toReversed()) {
    await once(side, round, scale, rounds)
  }
}

async function once(measured: Measured, round: number, scale: Scale, rounds: Rounds): Promise<void> {
  const { side } = measured
  const isPeer = side.role === 'peer' || side.role === 'limit'
  if (measured.unavailable !== undefined || (isPeer && round >= rounds.peers)) return
  try {
    measured.rounds[round] = await side.measure(scale)
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    measured.unavailable = error.message
  }
}
