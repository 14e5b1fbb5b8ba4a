import { Clock } from '@sennit/runtime'
import { beforeEach, describe, expect, it } from 'vitest'
import { LoopDelayMeter } from '../src/loop-delay.ts'
import { type IDelayHistogram, type IProbe, nodeProbe } from '../src/node-process.ts'

class Delays implements IDelayHistogram {
  count = 50
  mean = 21e6
  max = 120e6
  enabled = false
  resets = 0
  percentile(percentage: number): number {
    return percentage === 50 ? 20.5e6 : 70e6
  }
  reset(): void {
    this.resets++
  }
  enable(): boolean {
    return (this.enabled = true)
  }
  disable(): boolean {
    return (this.enabled = false)
  }
}

let clock: Clock
let delays: Delays
let meter: LoopDelayMeter
let resolution: number

beforeEach(() => {
  clock = new Clock()
  delays = new Delays()
  const probe: IProbe = {
    ...nodeProbe,
    delays: (asked) => {
      resolution = asked
      return delays
    },
  }
  meter = new LoopDelayMeter(probe)
})

describe('LoopDelayMeter', () => {
  it('keeps what each second had on top of the resolution', () => {
    meter.start(clock, { now: () => 1000 + clock.seconds() })
    expect([resolution, delays.enabled]).toEqual([0.02, true])
    clock.advance(1)
    const { interval, history } = meter.describe()
    expect(interval).toBe(1)
    expect(history).toHaveLength(1)
    expect(history[0]!.time).toBe(1001)
    expect(history[0]!.mean).toBeCloseTo(0.001)
    expect(history[0]!.p50).toBeCloseTo(0.0005)
    expect(history[0]!.p99).toBeCloseTo(0.05)
    expect(history[0]!.max).toBeCloseTo(0.1)
    expect(delays.resets).toBe(1)
  })

  it('is never early, and says nothing of a second without a measurement', () => {
    meter.start(clock, { now: () => 0 })
    delays.mean = 19e6
    clock.advance(1)
    delays.count = 0
    clock.advance(1)
    expect(meter.describe().history.map(({ mean }) => mean)).toEqual([0])
  })

  it('keeps the last two minutes', () => {
    meter.start(clock, { now: () => clock.seconds() })
    clock.pump(Array.from({ length: 300 }, () => 1))
    const { history } = meter.describe()
    expect(history).toHaveLength(120)
    expect(history.at(-1)!.time).toBe(300)
  })

  it('leaves nothing behind when it stops, and can start again', () => {
    meter.start(clock, { now: () => 0 })
    meter.stop()
    meter.stop()
    expect([delays.enabled, clock.getDelayedCalls()]).toEqual([false, []])
    meter.start(clock, { now: () => 0 })
    meter.start(clock, { now: () => 0 })
    expect(clock.getDelayedCalls()).toHaveLength(1)
  })
})
