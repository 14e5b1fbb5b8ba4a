import type { IReactorTime, IDelayedCall, Seconds } from '@sennit/interfaces'
import { CooperatorService } from '@sennit/cooperator'
import { Clock } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { graphiteLines, Metrics, STEP } from '../src/index.ts'

/** What one number costs in this test: about what it costs on a slow machine. */
const COST: Seconds = 50e-9

/** A clock on which time passes by work that is done, and by nothing else. */
class WorkClock extends Clock {
  worked: Seconds = 0
  override seconds(): Seconds {
    return this.worked
  }
}

/** Counts the steps of a generator as work, each as much as a step may be. */
function* counted(steps: Generator<void, void>, clock: WorkClock): Generator<void, void> {
  for (const _step of steps) {
    clock.worked += STEP * COST
    yield
  }
}

describe('the percentiles of a million samples', () => {
  it(
    'are computed in slices that stay within the budget of the cooperator and one step',
    { timeout: 60_000 },
    async () => {
      const clock = new WorkClock()
      const slices: Seconds[] = []
      const timed: IReactorTime = {
        seconds: () => clock.seconds(),
        getDelayedCalls: () => clock.getDelayedCalls(),
        callLater: <A extends readonly unknown[]>(
          delay: Seconds,
          f: (...args: A) => void,
          ...args: A
        ): IDelayedCall =>
          clock.callLater(delay, () => {
            const before = clock.worked
            f(...args)
            slices.push(clock.worked - before)
          }),
      }
      const work = new CooperatorService({ clock: timed, slice: '10ms' })
      await work.startService()

      const metrics = new Metrics()
      for (let sample = 0; sample < 1_000_000; sample++)
        metrics.takeLine(`large:${(sample * 7919) % 1_000_003}|ms`)
      const lines: string[] = []
      const task = work.cooperate(counted(graphiteLines(metrics.snapshot(), 10, 0, lines), clock))
      let done = false
      void task.whenDone().then(() => {
        done = true
      })
      for (let turns = 0; !done && turns < 10_000; turns++) {
        clock.advance(0)
        await Promise.resolve()
      }

      expect(lines).toContain('stats.timers.large.count 1000000 0\n')
      expect(slices.length).toBeGreaterThan(20)
      expect(Math.max(...slices)).toBeLessThanOrEqual(0.01 + STEP * COST + 1e-9)
      await work.stopService()
    },
  )
})
