/**
 * What the programs that measure themselves have in common.
 *
 * @module
 */
import { createInterface } from 'node:readline'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import type { Figures } from '../comparison.ts'

/** Does a part of the work, and says what it needed. */
export type Burst = () => Figures | Promise<Figures>

/** What a program can be asked to measure, by name: prepares it, with the numbers of the command line. */
export type Sides = Readonly<Record<string, (...numbers: number[]) => Burst | Promise<Burst>>>

declare const gc: (options?: { readonly type: 'minor' }) => void

/** Prepares what the command line names, says `ready`, and measures once for each line that comes in. */
export async function measure(sides: Sides): Promise<void> {
  const [name = '', ...numbers] = process.argv.slice(2)
  const side = sides[name]
  if (side === undefined) throw new Error(`there is nothing called '${name}' to measure`)
  const burst = await side(...numbers.map(Number))
  process.stdout.write('ready\n')
  for await (const _line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await burst())}\n`)
  }
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

/** Lets the garbage collector look after the young that stay. */
export function collectYoung(): void {
  gc({ type: 'minor' })
}

/** How long the threads of the collector may need to sweep, in milliseconds. */
const SWEEPING = 30

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
