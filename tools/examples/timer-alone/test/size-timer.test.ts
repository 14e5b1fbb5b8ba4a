import { Clock } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { type Size, sizeTimer } from '../src/size-timer.ts'

/** Lets the promises that are settled have their effects. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

/** A timer of ten seconds on fake time, whose measurings the test ends. */
function setUp() {
  const clock = new Clock()
  const told: Size[] = []
  const errors: unknown[] = []
  const measurings: { signal: AbortSignal; end: (bytes: number) => void; fail: (error: Error) => void }[] = []
  const log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (fields: object) => void errors.push((fields as { err: unknown }).err),
  }
  const timer = sizeTimer(
    10,
    (signal) => new Promise((end, fail) => measurings.push({ signal, end, fail })),
    (size) => told.push(size),
    { clock, log, stopGrace: '1s' },
  )
  return { clock, told, errors, measurings, timer }
}

describe('sizeTimer', () => {
  it('measures at once, and at every point of time', async () => {
    const { clock, told, measurings, timer } = setUp()
    await timer.startService()
    measurings[0]!.end(100)
    await settled()
    clock.advance('10s')
    measurings[1]!.end(130)
    await settled()
    expect(told).toEqual([
      { bytes: 100, change: 0, missed: 0 },
      { bytes: 130, change: 30, missed: 0 },
    ])
    await timer.stopService()
  })

  it('never has two measurings at once', async () => {
    const { clock, told, measurings, timer } = setUp()
    await timer.startService()
    clock.pump(['10s', '10s', '5s'])
    expect(measurings).toHaveLength(1)
    measurings[0]!.end(100)
    await settled()
    expect(measurings).toHaveLength(1)
    clock.advance('5s')
    expect(measurings).toHaveLength(2)
    measurings[1]!.end(100)
    await settled()
    expect(told[1]).toEqual({ bytes: 100, change: 0, missed: 2 })
    await timer.stopService()
  })

  it('goes on after one that failed', async () => {
    const { clock, told, errors, measurings, timer } = setUp()
    await timer.startService()
    measurings[0]!.fail(new Error('gone'))
    await settled()
    expect(errors).toEqual([new Error('gone')])
    clock.advance('10s')
    measurings[1]!.end(7)
    await settled()
    expect(told).toEqual([{ bytes: 7, change: 0, missed: 0 }])
    await timer.stopService()
  })

  it('waits for the one in progress when it is stopped, and ends it after a second', async () => {
    const { clock, errors, measurings, timer } = setUp()
    await timer.startService()
    const [{ signal, fail }] = measurings as [(typeof measurings)[0]]
    signal.addEventListener('abort', () => fail(signal.reason as Error))
    let over = false
    const stop = Promise.resolve(timer.stopService()).then(() => (over = true))
    clock.advance('900ms')
    await settled()
    expect([over, signal.aborted]).toEqual([false, false])
    clock.advance('100ms')
    await stop
    expect(signal.aborted).toBe(true)
    expect(errors).toEqual([])
  })
})
