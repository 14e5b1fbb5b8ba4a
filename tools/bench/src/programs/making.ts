/**
 * What it costs to make many of a kind that stay.
 *
 * @module
 */
import { setImmediate as turn } from 'node:timers/promises'
import { type Burst, collect, collectYoung, cpu, heap, WARM_UP } from './measure.ts'

/** What is made. */
export interface Kind<T> {
  readonly make: (i: number) => T
  readonly endAll: (made: readonly T[]) => void
}

/** How often some are made and ended before anything is measured: each is so cheap that compiling would be most of it otherwise. */
const WARM_UPS = 20

/** A loop that is entered often is compiled once; a long one while it runs, each time. */
const FEW = 100

/** Makes so many, in parts, and says what each cost, with what the collector has to do to keep it; at the end, what memory each takes. */
export async function making<T>(n: number, parts: number, { make, endAll }: Kind<T>): Promise<Burst> {
  const made = Array.from<unknown, T | undefined>({ length: Math.max(n, WARM_UP) }, () => undefined)
  const few = (first: number, end: number): void => {
    for (let i = first; i < end; i++) made[i] = make(i)
  }
  const between = (first: number, end: number): void => {
    for (let i = first; i < end; i += FEW) few(i, Math.min(i + FEW, end))
  }
  for (let round = 0; round < WARM_UPS; round++) {
    between(0, WARM_UP)
    // One stays: where none is left, the collector takes the compiled code along.
    endAll(made.slice(1, WARM_UP) as T[])
    await turn()
  }
  made.fill(undefined)
  const before = await heap()
  await collect()
  let count = 0
  return async () => {
    const [first, end] = [count, Math.min(n, count + Math.ceil(n / parts))]
    const start = cpu()
    between(first, end)
    collectYoung()
    const time = ((cpu() - start) / (end - first)) * 1e9
    count = end
    return count < n ? { time } : { time, heap: ((await heap()) - before) / n }
  }
}
