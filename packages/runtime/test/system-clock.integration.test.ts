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
    await new Promise<void>((resolve) => {
      for (let i = 20; i >= 0; i--) systemClock.callLater(i / 1000, () => seen.push(i) === 21 && resolve())
    })
    expect(seen).toEqual(Array.from({ length: 21 }, (_, i) => i))
  })
})
