import { describe, expect, it } from 'vitest'
import { Clock } from '@sennit/runtime'
import { waitUntilAllDisconnected } from '../src/index.ts'

describe('waitUntilAllDisconnected', () => {
  it('TE-12 looks every hundredth of a second until none is connected', async () => {
    const clock = new Clock()
    const protocols = [{ connected: true }, { connected: true }]
    let settled = false
    const all = waitUntilAllDisconnected(clock, protocols).then(() => {
      settled = true
    })
    protocols[0]!.connected = false
    clock.advance(0.01)
    await Promise.resolve()
    expect(settled).toBe(false)
    protocols[1]!.connected = false
    clock.advance(0.009)
    expect(clock.getDelayedCalls()).toHaveLength(1)
    clock.advance(0.001)
    await all
    expect(settled).toBe(true)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('TE-12 looks at 0.01 s, at 0.02 s, and so on', async () => {
    const clock = new Clock()
    // Half of the interval each.
    let [connected, looks] = [true, 0]
    const protocol = {
      get connected() {
        looks++
        return connected
      },
    }
    const all = waitUntilAllDisconnected(clock, [protocol])
    const seen = Array.from({ length: 4 }, () => {
      clock.advance(0.005)
      return looks
    })
    expect(seen).toEqual([1, 2, 2, 3])
    connected = false
    clock.advance(0.01)
    await all
  })

  it('TE-12 settles at once when none is connected', async () => {
    const clock = new Clock()
    await waitUntilAllDisconnected(clock, [{ connected: false }])
    expect(clock.getDelayedCalls()).toEqual([])
  })
})
