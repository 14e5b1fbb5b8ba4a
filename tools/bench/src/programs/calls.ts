/**
 * Delayed calls, each an hour or so away: `node calls.ts SIDE N SPREAD`. With a spread they are due at random times within so many seconds
 * more, otherwise all after the same delay.
 *
 * @module
 */
import { Clock } from '@sennit/runtime'
import { StableHeap } from './stable-heap.ts'
import { collect, cpu, heap, measure, noop, sameNumbers, WARM_UP } from './measure.ts'

const DELAY = 3600

/** Schedules so many, and says what each cost. */
async function scheduling(n: number, spread: number, schedule: (delay: number) => unknown) {
  const random = sameNumbers(1)
  const delays = Array.from({ length: n }, () => DELAY + random() * spread)
  for (let i = 0; i < 3 * WARM_UP; i++) schedule(DELAY + i / WARM_UP)
  const before = await heap()
  await collect()
  const start = cpu()
  for (let i = 0; i < n; i++) schedule(delays[i]!)
  const used = cpu() - start
  return { time: (used / n) * 1e9, heap: ((await heap()) - before) / n }
}

/** Time that a test moves. */
interface FakeTime {
  callLater(delay: number, call: () => void): unknown
  advance(amount: number): void
}

/** Has so many run on a clock that is advanced in one go, or in so many steps. */
async function running(makeClock: () => FakeTime, n: number, advances: number) {
  const random = sameNumbers(1)
  let ran = 0
  const call = (): void => {
    ran++
  }
  // One stays: where none is left, the collector takes the compiled code along.
  const kept = makeClock()
  kept.callLater(1000, call)
  const run = async (delays: readonly number[]): Promise<number> => {
    const clock = makeClock()
    ran = 0
    await collect()
    const start = cpu()
    for (const delay of delays) clock.callLater(delay, call)
    for (let i = 0; i < advances; i++) clock.advance(1000 / advances)
    const used = cpu() - start
    if (ran !== delays.length) throw new Error(`${ran} of ${delays.length} calls ran`)
    return used
  }
  for (let round = 0; round < 5; round++) await run(Array.from({ length: WARM_UP }, () => random() * 999))
  const used = await run(Array.from({ length: n }, () => random() * 999))
  kept.advance(1)
  return { time: (used / n) * 1e9 }
}

await measure({
  setTimeout: (n = 0, spread = 0) =>
    scheduling(n, spread, (delay) => setTimeout(noop, Math.round(delay * 1000))),
  callLater: async (n = 0, spread = 0) => {
    const { systemClock } = await import('@sennit/runtime')
    return scheduling(n, spread, (delay) => systemClock.callLater(delay, noop))
  },
  heap: (n = 0, spread = 0) => {
    const heap = new StableHeap()
    return scheduling(n, spread, (delay) => heap.callLater(delay, noop))
  },
  'run by heap': (n = 0, advances = 1) => running(() => new StableHeap(), n, advances),
  'run by Clock': (n = 0, advances = 1) => running(() => new Clock(), n, advances),
  'run by sinon': async (n = 0, advances = 1) => {
    const { withGlobal } = await import('@sinonjs/fake-timers')
    const makeClock = (): FakeTime => {
      const fake = withGlobal(globalThis).createClock(0, Infinity)
      return {
        callLater: (delay, call) => fake.setTimeout(call, delay * 1000),
        advance: (amount) => fake.tick(amount * 1000),
      }
    }
    return running(makeClock, n, advances)
  },
})
