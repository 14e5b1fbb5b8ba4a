import { describe, expect, it } from 'vitest'
import { deferLater, realTurn, systemClock } from '../src/index.ts'

describe('systemClock', () => {
  it('RX-01 RX-05 fault 32: a call is never early, and not much late', async () => {
    const start = systemClock.seconds()
    await deferLater(systemClock, '30ms')
    const took = systemClock.seconds() - start
    expect(took).toBeGreaterThanOrEqual(0.03)
    expect(took).toBeLessThan(2)
  })

  it('RX-02 a call without delay comes within one turn', async () => {
    let ran = false
    systemClock.callLater(0, () => (ran = true))
    expect(ran).toBe(false)
    await realTurn()
    expect(ran).toBe(true)
  })

  it('many short delays come in order', async () => {
    const seen: number[] = []
    const due = new Map<number, number>()
    await new Promise<void>((resolve) => {
      for (let i = 20; i >= 1; i--) {
        const call = systemClock.callLater(i / 1000, () => seen.push(i) === 20 && resolve())
        due.set(i, call.getTime())
      }
    })
    // Scheduling takes its time as well: what counts is when each was due.
    expect(seen.map((i) => due.get(i))).toEqual(Array.from(due.values()).toSorted((a, b) => a - b))
  })
})
