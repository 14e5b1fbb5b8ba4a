/**
 * What the programs that measure themselves have in common.
 *
 * @module
 */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'

/** What a program can be asked to measure: by name, with the numbers of the command line. */
export type Sides = Readonly<
  Record<string, (...numbers: number[]) => Record<string, number> | Promise<Record<string, number>>>
>

declare const gc: () => void

/** Measures what the command line names, and prints it. */
export async function measure(sides: Sides): Promise<void> {
  const [name = '', ...numbers] = process.argv.slice(2)
  const side = sides[name]
  if (side === undefined) throw new Error(`there is nothing called '${name}' to measure`)
  const figures = await side(...numbers.map(Number))
  await new Promise<void>((resolve) => {
    process.stdout.write(`${JSON.stringify(figures)}\n`, () => resolve())
  })
  process.exit()
}

/** Seconds of processor time that the process has used until now, all threads included. */
export function cpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Bytes on the heap and in its buffers, when nothing is left that could be collected. */
export async function heap(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    gc()
    await turn()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** How long the threads of the collector may need to sweep, in milliseconds. */
const SWEEPING = 100

/** Lets the garbage collector have what is there now, and waits until its threads are done, so that it does not disturb what follows. */
export async function collect(): Promise<void> {
  gc()
  await sleep(SWEEPING)
}

/** How often something small is done before it is measured, so that it is compiled. */
export const WARM_UP = 20_000

/** Does nothing. */
export function noop(): void {}

/** Numbers from 0 to 1 that are the same in each run. */
export function sameNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** The value below which a part of them is. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN
}
