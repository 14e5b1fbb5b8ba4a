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

/** So many are made and ended before anything is measured: each is so cheap that compiling would be most of it otherwise. */
const WARM_UPS = 500_000

/**
 * How many of them at a time, at most: as many as are made at a time later, since a process that has had as many before has the memory for them. One that has not
 * must be given it by the system, which takes longer than making them, and it is chance how much of it V8 has at hand.
 */
const MOST = 100_000

/** A loop that is entered often is compiled once; a long one while it runs, each time. */
const FEW = 100

/** Makes so many, in parts, and says what each cost, with what the collector has to do to keep it; at the end, what memory each takes. Then it begins again. */
export async function making<T>(
  n: number,
  parts: number,
  passes: number,
  { make, endAll }: Kind<T>,
): Promise<Burst> {
  const part = Math.ceil(n / parts)
  const some = Math.min(MOST, Math.max(part, WARM_UP))
  const made = Array.from<unknown, T | undefined>({ length: Math.max(n, some) }, () => undefined)
  const few = (first: number, end: number): void => {
    for (let i = first; i < end; i++) made[i] = make(i)
  }
  const between = (first: number, end: number): void => {
    for (let i = first; i < end; i += FEW) few(i, Math.min(i + FEW, end))
  }
  // One stays: where none is left, the collector takes the compiled code along.
  const clear = async (count: number): Promise<void> => {
    endAll(made.slice(1, count) as T[])
    made.fill(undefined)
    await turn()
  }
  // Also what grows with the first and stays when they have ended belongs to what they take.
  const before = await heap()
  for (let count = 0; count < WARM_UPS; count += some) {
    between(0, some)
    await clear(some)
  }
  let count = 0
  let pass = 0
  return async () => {
    if (count === n) await clear(n)
    if (count % n === 0) await collect()
    const first = count % n
    const end = Math.min(n, first + part)
    const start = cpu()
    between(first, end)
    collectYoung()
    const time = ((cpu() - start) / (end - first)) * 1e9
    count = end
    if (count < n || ++pass < passes) return { time }
    return { time, heap: ((await heap()) - before) / n }
  }
}
