/**
 * Work that is done again and again: `node periodic.ts SIDE N SECONDS`.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { collect, cpu, heap, measure, noop, type Sides, WARM_UP } from './measure.ts'

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

async function starting(every: Every, n: number) {
  for (let i = 0; i < 3 * WARM_UP; i++) every(3_600_000, noop)
  const before = await heap()
  await collect()
  const start = cpu()
  for (let i = 0; i < n; i++) every(3_600_000, noop)
  const used = cpu() - start
  return { time: (used / n) * 1e9, heap: ((await heap()) - before) / n }
}

/** The warm-up lasts as long as it takes to compile what each tick runs, which would count as much as the ticks. */
async function ticking(every: Every, n: number, warmUp: number, seconds: number) {
  let ticks = 0
  const tick = (): void => {
    ticks++
  }
  for (let i = 0; i < n; i++) every(1000, tick)
  await sleep(warmUp * 1000)
  const [before, start] = [ticks, cpu()]
  await sleep(seconds * 1000)
  return { cpu: ((cpu() - start) / (ticks - before)) * 1e6 }
}

async function keeping(every: Every, milliseconds: number, seconds: number) {
  let ticks = 0
  let last = performance.now()
  const start = last
  every(milliseconds, () => {
    ticks++
    last = performance.now()
  })
  await sleep(seconds * 1000)
  return { rate: ((ticks * milliseconds) / (last - start)) * 100 }
}

const sides: Record<string, Sides[string]> = {}
for (const [name, side] of Object.entries(SIDES)) {
  sides[`start ${name}`] = async (n = 0) => starting(await side(), n)
  sides[`tick ${name}`] = async (n = 0, warmUp = 0, seconds = 0) => ticking(await side(), n, warmUp, seconds)
  sides[`keep ${name}`] = async (milliseconds = 0, seconds = 0) =>
    keeping(await side(), milliseconds, seconds)
}
await measure(sides)
