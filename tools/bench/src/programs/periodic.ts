/**
 * Work that is done again and again: `node periodic.ts SIDE NUMBER…`.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Burst, collect, cpu, heap, measure, noop, type Sides, WARM_UP } from './measure.ts'

/** Starts one that calls `f` every so many milliseconds; returns what keeps it. */
type Every = (milliseconds: number, f: () => void) => unknown

const SIDES: Readonly<Record<string, () => Promise<Every>>> = {
  setInterval: async () => (milliseconds, f) => setInterval(f, milliseconds),
  TimerService: async () => {
    const { TimerService } = await import('@sennit/timer')
    return (milliseconds, f) => {
      const timer = new TimerService(milliseconds / 1000, f, { now: false })
      void timer.startService()
      return timer
    }
  },
  toad: async () => {
    const { SimpleIntervalJob, Task, ToadScheduler } = await import('toad-scheduler')
    const scheduler = new ToadScheduler()
    return (milliseconds, f) => {
      scheduler.addSimpleIntervalJob(new SimpleIntervalJob({ milliseconds }, new Task('task', f)))
    }
  },
  croner: async () => {
    const { Cron } = await import('croner')
    return (milliseconds, f) => new Cron('* * * * * *', { interval: milliseconds / 1000 }, f)
  },
}

async function starting(every: Every, n: number, parts: number): Promise<Burst> {
  for (let i = 0; i < 3 * WARM_UP; i++) every(3_600_000, noop)
  const before = await heap()
  await collect()
  let started = 0
  return async () => {
    const end = Math.min(n, started + Math.ceil(n / parts))
    const [first, start] = [started, cpu()]
    for (; started < end; started++) every(3_600_000, noop)
    const time = ((cpu() - start) / (end - first)) * 1e9
    return started < n ? { time } : { time, heap: ((await heap()) - before) / n }
  }
}

/** The warm-up lasts as long as it takes to compile what each tick runs, which would count as much as the ticks. */
async function ticking(every: Every, n: number, warmUp: number, seconds: number): Promise<Burst> {
  let ticks = 0
  const tick = (): void => {
    ticks++
  }
  for (let i = 0; i < n; i++) every(1000, tick)
  await sleep(warmUp * 1000)
  return async () => {
    const [before, start] = [ticks, cpu()]
    await sleep(seconds * 1000)
    return { cpu: ((cpu() - start) / (ticks - before)) * 1e6 }
  }
}

/** From the first tick to the last, when the other programs have started as well: what they need for that is not asked. */
async function keeping(every: Every, milliseconds: number, seconds: number, others: number): Promise<Burst> {
  let ticks = -1
  let first = 0
  let last = 0
  return async () => {
    await sleep(others * 1000)
    every(milliseconds, () => {
      last = performance.now()
      if (++ticks === 0) first = last
    })
    await sleep(seconds * 1000)
    return { rate: ((ticks * milliseconds) / (last - first)) * 100 }
  }
}

const sides: Record<string, Sides[string]> = {}
for (const [name, side] of Object.entries(SIDES)) {
  sides[`start ${name}`] = async (n = 0, parts = 1) => starting(await side(), n, parts)
  sides[`tick ${name}`] = async (n = 0, warmUp = 0, seconds = 0) => ticking(await side(), n, warmUp, seconds)
  sides[`keep ${name}`] = async (milliseconds = 0, seconds = 0, others = 0) =>
    keeping(await side(), milliseconds, seconds, others)
}
await measure(sides)
