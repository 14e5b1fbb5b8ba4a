/** On the system's clock. */
import { systemClock } from '@sennit/runtime'
import { afterEach, expect, it, vi } from 'vitest'
import { LoopingCall } from '../src/index.ts'

afterEach(() => vi.restoreAllMocks())

it.each([
  ['back', -86_400_000],
  ['forward', 86_400_000],
])('LC-37 keeps the grid when the time of day is set %s', async (_, milliseconds) => {
  const realNow = Date.now
  const times: number[] = []
  const loop = new LoopingCall(() => {
    times.push(systemClock.seconds())
    if (times.length === 2) vi.spyOn(Date, 'now').mockImplementation(() => realNow() + milliseconds)
    if (times.length === 5) loop.stop()
  })
  const began = systemClock.seconds()
  await loop.start('5ms')
  // A step of the time of day would make the next run wait for a day, or come at once.
  expect(times).toHaveLength(5)
  expect(times.at(-1)! - began).toBeGreaterThanOrEqual(0.0199)
  expect(times.at(-1)! - began).toBeLessThan(3600)
  expect(systemClock.getDelayedCalls()).toEqual([])
})
