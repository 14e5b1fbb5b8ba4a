/**
 * Delayed calls, each an hour or so away: `node calls.ts SIDE N SPREAD PARTS`. With a spread they are due at random times within so many seconds
 * more, otherwise all after the same delay.
 *
 * @module
 */
import { Clock } from '@sennit/runtime'
import { StableHeap } from './stable-heap.ts'
import { making } from './making.ts'
import { type Burst, collect, cpu, measure, noop, sameNumbers, WARM_UP } from './measure.ts'

const DELAY = 3600

/** So many are needed to say what each costs; fewer are run several times, up to so often. */
const [ENOUGH, MOST] = [100_000, 10]

/** A way to have something called later. */
interface Later<T> {
  readonly schedule: (delay: number) => T
  readonly cancelAll: (scheduled: readonly T[]) => void
}

function scheduling<T>(
  [n = 0, spread = 0, parts = 1, passes = 1]: readonly number[],
  { schedule, cancelAll }: Later<T>,
): Promise<Burst> {
  const random = sameNumbers(1)
  const delays = Array.from({ length: Math.max(n, WARM_UP) }, () => DELAY + random() * spread)
  return making(n, parts, passes, { make: (i) => schedule(delays[i]!), endAll: cancelAll })
}

/** Time that a test moves. */
interface FakeTime {
  callLater(delay: number, call: () => void): unknown
  advance(amount: number): void
}

/** Has so many run on a clock that is advanced in one go, or in so many steps. */
async function running(makeClock: () => FakeTime, n: number, advances: number): Promise<Burst> {
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
  return async () => {
    const times = Math.min(MOST, Math.ceil(ENOUGH / n))
    let used = 0
    for (let i = 0; i < times; i++) used += await run(Array.from({ length: n }, () => random() * 999))
    kept.advance(1 / 1024)
    return { time: (used / (n * times)) * 1e9 }
  }
}

await measure({
  setTimeout: (...numbers) =>
    scheduling(numbers, {
      schedule: (delay) => setTimeout(noop, Math.round(delay * 1000)),
      cancelAll: (timeouts) => timeouts.forEach(clearTimeout),
    }),
  callLater: async (...numbers) => {
    const { systemClock } = await import('@sennit/runtime')
    return scheduling(numbers, {
      schedule: (delay) => systemClock.callLater(delay, noop),
      cancelAll: (calls) => calls.forEach((call) => call.cancel()),
    })
  },
  heap: (...numbers) => {
    let heap = new StableHeap()
    return scheduling(numbers, {
      schedule: (delay) => heap.callLater(delay, noop),
      cancelAll: () => {
        heap = new StableHeap()
      },
    })
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
