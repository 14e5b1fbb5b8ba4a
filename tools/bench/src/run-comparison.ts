/**
 * Measures the sides of a comparison in turn, so that all have the same weather: in each round all are started, and then work side by side in
 * short bursts, as the speed of a machine that others share changes from one second to the next.
 *
 * @module
 */
import type { Comparison, Figures, Running, Scale, Side } from './comparison.ts'
import { type Processor, PROCESSORS } from './measuring/pinned.ts'
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

/** How each round goes. */
interface Way {
  readonly scale: Scale
  readonly rounds: Rounds
  readonly bursts: number
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
  const together = scale === 'full' ? atOnce(comparison) : 1
  const way: Way = { scale, rounds, bursts: comparison.bursts ?? 1 }
  let wanted = Math.min(rounds.least, comparison.rounds ?? Infinity)
  for (let round = 0; round < wanted; round += together) {
    const batch = Array.from({ length: Math.min(together, wanted - round) }, (_, i) => round + i)
    await Promise.all(
      comparison.together === undefined
        ? batch.map((each, i) => inTurn(measured, each, way, PROCESSORS[i]!))
        : batch.flatMap((each) => measured.map((side) => inTurn([side], each, way, 0))),
    )
    progress(round + batch.length)
    const isLast = round + batch.length >= wanted
    if (isLast && wanted < rounds.most && judge(comparison, measured).some(({ isVague }) => isVague)) {
      wanted = Math.min(rounds.most, wanted + MORE)
    }
  }
  return measured
}

/** How many rounds are made at the same time. */
function atOnce({ together, onePerProcessor }: Comparison): number {
  return together ?? (onePerProcessor === true ? PROCESSORS.length : 1)
}

/** Each burst begins with another, so that nobody comes always first, nor twice in a row while others never do. */
async function inTurn(
  measured: readonly Measured[],
  round: number,
  { scale, rounds, bursts: count }: Way,
  processor: Processor,
): Promise<void> {
  await using starting = new AsyncDisposableStack()
  const taking = measured.filter((side) => takesPart(side, round, rounds))
  const started = await Promise.all(
    taking.map(async (side) => ({
      side,
      bursts: [] as Figures[],
      running: await start(side, starting, scale, processor),
    })),
  )
  for (let burst = 0; burst < count; burst++) {
    for (let i = 0; i < started.length; i++) {
      const { running, bursts } = started[(round + burst + i) % started.length]!
      if (running !== undefined) bursts.push(await running.burst())
    }
  }
  for (const { side, bursts } of started) if (bursts.length > 0) side.rounds[round] = mean(bursts)
}

function takesPart({ side, unavailable }: Measured, round: number, rounds: Rounds): boolean {
  const isPeer = side.role === 'peer' || side.role === 'limit'
  return unavailable === undefined && !(isPeer && round >= rounds.peers)
}

async function start(
  measured: Measured,
  starting: AsyncDisposableStack,
  scale: Scale,
  processor: Processor,
): Promise<Running | undefined> {
  try {
    return starting.use(await measured.side.start(scale, processor))
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    measured.unavailable = error.message
    return undefined
  }
}

/** @returns of each quantity the mean of the bursts that tell it */
export function mean(bursts: readonly Figures[]): Figures {
  const names = new Set(bursts.flatMap((burst) => Object.keys(burst)))
  return Object.fromEntries(
    Array.from(names, (name) => {
      const values = bursts.flatMap((burst) => burst[name] ?? [])
      return [name, values.reduce((sum, value) => sum + value, 0) / values.length]
    }),
  )
}
