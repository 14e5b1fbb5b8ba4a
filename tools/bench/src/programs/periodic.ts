/**
 * Work that is done again and again: `node periodic.ts SIDE NUMBER…`.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { TimerService } from '@sennit/timer'
import type { Cron } from 'croner'
import type { SimpleIntervalJob } from 'toad-scheduler'
import { making } from './making.ts'
import { type Burst, cpu, measure, noop, type Sides } from './measure.ts'

/** A way to do something again and again. */
interface Way<T> {
  /** Starts one that calls `f` every so many milliseconds. */
  readonly every: (milliseconds: number, f: () => void) => T
  readonly endAll: (started: readonly T[]) => void
}

const WAYS = {
  setInterval: async (): Promise<Way<NodeJS.Timeout>> => ({
    every: (milliseconds, f) => setInterval(f, milliseconds),
    endAll: (intervals) => intervals.forEach(clearInterval),
  }),
  TimerService: async (): Promise<Way<TimerService>> => {
    const { TimerService } = await import('@sennit/timer')
    return {
      every: (milliseconds, f) => {
        const timer = new TimerService(milliseconds / 1000, f, { now: false })
        void timer.startService()
        return timer
      },
      endAll: (timers) => timers.forEach((timer) => void timer.stopService()),
    }
  },
  toad: async (): Promise<Way<SimpleIntervalJob>> => {
    const { SimpleIntervalJob, Task, ToadScheduler } = await import('toad-scheduler')
    const scheduler = new ToadScheduler()
    return {
      every: (milliseconds, f) => {
        const job = new SimpleIntervalJob({ milliseconds }, new Task('task', f))
        scheduler.addSimpleIntervalJob(job)
        return job
      },
      endAll: (jobs) => jobs.forEach((job) => job.stop()),
    }
  },
  croner: async (): Promise<Way<Cron>> => {
    const { Cron } = await import('croner')
    return {
      every: (milliseconds, f) => new Cron('* * * * * *', { interval: milliseconds / 1000 }, f),
      endAll: (jobs) => jobs.forEach((job) => job.stop()),
    }
  },
}

function starting<T>({ every, endAll }: Way<T>, n: number, parts: number, passes: number): Promise<Burst> {
  return making(n, parts, passes, { make: () => every(3_600_000, noop), endAll })
}

/** Milliseconds from one tick to the next: until what each runs is compiled, which would count as much as the ticks, it goes faster. */
const [WARM_STEP, STEP] = [50, 1000]

async function ticking<T>(
  { every, endAll }: Way<T>,
  n: number,
  warmUp: number,
  seconds: number,
): Promise<Burst> {
  let ticks = 0
  const tick = (): void => {
    ticks++
  }
  const start = (step: number): T[] => Array.from({ length: n }, () => every(step, tick))
  const warm = start(WARM_STEP)
  await sleep(warmUp * 1000)
  endAll(warm)
  start(STEP)
  await sleep(2 * STEP)
  return async () => {
    const [before, start] = [ticks, cpu()]
    await sleep(seconds * 1000)
    return { cpu: ((cpu() - start) / (ticks - before)) * 1e6 }
  }
}

/** From the first tick to the last, when the other programs have started as well: what they need for that is not asked. */
async function keeping(
  { every }: Pick<Way<unknown>, 'every'>,
  milliseconds: number,
  seconds: number,
  others: number,
): Promise<Burst> {
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

function sidesOf<T>(name: string, way: () => Promise<Way<T>>): Sides {
  return {
    [`start ${name}`]: async (n = 0, parts = 1, passes = 1) => starting(await way(), n, parts, passes),
    [`tick ${name}`]: async (n = 0, warmUp = 0, seconds = 0) => ticking(await way(), n, warmUp, seconds),
    [`keep ${name}`]: async (milliseconds = 0, seconds = 0, others = 0) =>
      keeping(await way(), milliseconds, seconds, others),
  }
}

await measure({
  ...sidesOf('setInterval', WAYS.setInterval),
  ...sidesOf('TimerService', WAYS.TimerService),
  ...sidesOf('toad', WAYS.toad),
  ...sidesOf('croner', WAYS.croner),
})
