/**
 * A hundred generators: `node steps.ts SIDE STEPS`, so many steps in all.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Burst, cpu, measure, percentile, sameNumbers } from './measure.ts'

const TASKS = 100

function* cheap(steps: number): Generator<undefined, void> {
  for (let step = 0; step < steps; step++) yield
}

/** Steps of which one in a hundred keeps the processor for 0.1 to 2 ms. */
function* mixed(steps: number, random: () => number): Generator<undefined, void> {
  for (let step = 0; step < steps; step++) {
    if (random() < 0.01) {
      const end = performance.now() + 0.1 + 1.9 * random()
      while (performance.now() < end);
    }
    yield
  }
}

function tasks(steps: number, isMixed: boolean): Generator<undefined, void>[] {
  // Other steps in each run: which of them end a slice is chance.
  const random = sameNumbers(process.pid)
  return Array.from({ length: TASKS }, () => (isMixed ? mixed(steps / TASKS, random) : cheap(steps / TASKS)))
}

type Work = (generators: Generator<undefined, void>[]) => unknown

/** The generators in turn, with nothing else between. */
function synchronously(generators: Generator<undefined, void>[]): void {
  let ready = generators
  while (ready.length > 0) ready = ready.filter((generator) => generator.next().done !== true)
}

async function byCooperator(): Promise<Work> {
  const { CooperatorService } = await import('@sennit/cooperator')
  const service = new CooperatorService()
  await service.startService()
  return (generators) => Promise.all(generators.map((each) => service.cooperate(each).whenDone()))
}

/** Each step a call of its own in a queue. */
async function byQueue(): Promise<Work> {
  const { default: PQueue } = await import('p-queue')
  return async (generators) => {
    const queue = new PQueue({ concurrency: 10 })
    let ready = generators
    while (ready.length > 0) {
      const results = await queue.addAll(ready.map((each) => () => each.next().done === true))
      ready = ready.filter((_, i) => results[i] !== true)
    }
  }
}

async function working(work: Work, steps: number, isMixed = false): Promise<Burst> {
  for (let round = 0; round < 3; round++) await work(tasks(Math.min(steps, 1_000_000), false))
  if (isMixed) await work(tasks(steps, true))
  let gaps: number[] = []
  let last = performance.now()
  setInterval(() => {
    const now = performance.now()
    gaps.push(now - last)
    last = now
  }, 1)
  return async () => {
    const generators = tasks(steps, isMixed)
    await sleep(5)
    gaps = []
    const start = cpu()
    await work(generators)
    const used = cpu() - start
    await sleep(5)
    return { rate: steps / used / 1e6, gap: percentile(gaps, 0.99) }
  }
}

await measure({
  loop: (steps = 0) => working(synchronously, steps),
  cooperator: async (steps = 0) => working(await byCooperator(), steps),
  'p-queue': async (steps = 0) => working(await byQueue(), steps),
  'many tasks': async (count = 0) => {
    const work = await byCooperator()
    const made = (n: number) => Array.from({ length: n }, () => cheap(10))
    await work(made(10_000))
    return async () => {
      const generators = made(count)
      const start = cpu()
      await work(generators)
      return { cpu: ((cpu() - start) / count) * 1e9 }
    }
  },
  'mixed cooperator': async (steps = 0) => working(await byCooperator(), steps, true),
})
