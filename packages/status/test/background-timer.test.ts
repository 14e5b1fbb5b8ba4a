import { Clock } from '@sennit/runtime'
import { beforeEach, describe, expect, it } from 'vitest'
import { BackgroundTimer } from '../src/background-timer.ts'

let clock: Clock
let calls: number[]
let timer: BackgroundTimer

beforeEach(() => {
  clock = new Clock()
  calls = []
  timer = new BackgroundTimer(clock, () => calls.push(clock.seconds()))
})

describe('BackgroundTimer', () => {
  it('calls once for each start', () => {
    timer.start(1)
    clock.pump([1, 1, 1, 1, 1])
    expect(calls).toEqual([1])
    timer.start(2)
    clock.pump([1, 1, 1, 1, 1])
    expect(calls).toEqual([1, 7])
  })

  it('keeps one call: a second start takes the place of the first', () => {
    timer.start(1)
    timer.start(3)
    expect(clock.getDelayedCalls()).toHaveLength(1)
    clock.advance(2)
    expect(calls).toEqual([])
  })

  it('can be stopped at any time, also from its own call', () => {
    timer.stop()
    timer.start(1)
    timer.stop()
    timer.stop()
    clock.advance(5)
    expect(calls).toEqual([])
    const itself = new BackgroundTimer(clock, () => itself.stop())
    itself.start(1)
    expect(() => clock.advance(1)).not.toThrow()
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('does not keep the process alive, where the clock can say so', () => {
    let kept = true
    const keeping = {
      seconds: () => clock.seconds(),
      getDelayedCalls: () => clock.getDelayedCalls(),
      callLater: (delay: number, f: () => void) =>
        Object.assign(clock.callLater(delay, f), { ref: () => {}, unref: () => (kept = false) }),
    }
    new BackgroundTimer(keeping as never, () => {}).start(1)
    expect(kept).toBe(false)
  })
})
