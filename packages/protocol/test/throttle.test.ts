import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { Clock } from '@sennit/runtime'
import { type Spender, Throttle } from '../src/throttle.ts'

/** Spends as much as it may, in chunks of one size, and counts. */
class Greedy implements Spender {
  spent = 0
  readonly #throttle: Throttle
  readonly #chunk: number
  constructor(throttle: Throttle, chunk: number) {
    this.#throttle = throttle
    this.#chunk = chunk
  }
  proceed() {
    do this.spent += this.#chunk
    while (this.#throttle.spend(this, this.#chunk))
  }
}

class Modest implements Spender {
  told = 0
  proceed() {
    this.told++
  }
}

function run(clock: Clock, seconds: number) {
  for (let i = 0; i < seconds * 100; i++) clock.advance(0.01)
}

describe('Throttle', () => {
  it('lets a second worth of bytes go at once, and the next when they are paid for', () => {
    const clock = new Clock()
    const throttle = new Throttle(clock, 1000)
    const modest = new Modest()
    expect(throttle.spend(modest, 600)).toBe(true)
    expect(throttle.spend(modest, 400)).toBe(true)
    expect(clock.getDelayedCalls()).toEqual([])
    expect(throttle.spend(modest, 500)).toBe(false)
    run(clock, 0.48)
    expect(modest.told).toBe(0)
    run(clock, 0.04)
    expect(modest.told).toBe(1)
    run(clock, 0.02)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('has no timer while nobody is in debt, and saves one second worth meanwhile', () => {
    const clock = new Clock()
    const throttle = new Throttle(clock, 1000)
    const modest = new Modest()
    throttle.spend(modest, 1000)
    clock.advance(0.5)
    expect(throttle.spend(modest, 500)).toBe(true)
    clock.advance(3600)
    expect(throttle.spend(modest, 1000)).toBe(true)
    expect(throttle.spend(modest, 1)).toBe(false)
    expect(clock.getDelayedCalls()).toHaveLength(1)
    run(clock, 0.1)
    expect([modest.told, clock.getDelayedCalls()]).toEqual([1, []])
  })

  it.each([
    [64_000, [1, 1]],
    [100, [1, 1]],
    [64_000, [100, 7, 7000, 64_000, 1]],
  ])(
    'gives as much in a minute as its rate and no more, and to all alike: %d a second, chunks of %o',
    (rate, chunks) => {
      const clock = new Clock()
      const throttle = new Throttle(clock, rate)
      throttle.spend(new Modest(), rate)
      const spenders = chunks.map((chunk) => new Greedy(throttle, chunk))
      for (const spender of spenders) spender.proceed()
      run(clock, 60)
      const total = spenders.reduce((sum, { spent }) => sum + spent, 0)
      const overshoot = chunks.reduce((sum, chunk) => sum + chunk, 0)
      expect(total).toBeGreaterThan(0.98 * 60 * rate)
      expect(total).toBeLessThanOrEqual(60 * rate + overshoot)
      for (const [i, { spent }] of spenders.entries()) {
        expect(Math.abs(spent - (60 * rate) / chunks.length)).toBeLessThan(0.03 * 60 * rate + chunks[i]!)
      }
    },
  )

  it('lets those who want little go on soon, whatever the greedy want', () => {
    const clock = new Clock()
    const throttle = new Throttle(clock, 10_000)
    const greedy = Array.from({ length: 9 }, () => new Greedy(throttle, 60_000))
    for (const each of greedy) each.proceed()
    const modest = new Modest()
    for (let i = 1; i <= 50; i++) {
      expect(throttle.spend(modest, 20)).toBe(false)
      run(clock, 0.1)
      expect(modest.told).toBe(i)
    }
  })

  it('gives a newcomer nothing of what came in before', () => {
    const clock = new Clock()
    const throttle = new Throttle(clock, 1000)
    const first = new Modest()
    throttle.spend(first, 1000)
    throttle.spend(first, 64_000)
    run(clock, 30)
    const newcomer = new Greedy(throttle, 1)
    expect(throttle.join(newcomer)).toBe(false)
    run(clock, 1)
    expect(newcomer.spent).toBeGreaterThan(450)
    expect(newcomer.spent).toBeLessThan(550)
    expect(first.told).toBe(0)
  })

  it('sleeps until somebody can be told', () => {
    const clock = new Clock()
    const callLater = vi.spyOn(clock, 'callLater')
    const throttle = new Throttle(clock, 1000)
    const modest = new Modest()
    throttle.spend(modest, 61_000)
    run(clock, 59.5)
    expect([modest.told, callLater.mock.calls.length]).toEqual([0, 1])
    run(clock, 1)
    expect([modest.told, clock.getDelayedCalls()]).toEqual([1, []])
    expect(callLater.mock.calls.length).toBeLessThanOrEqual(3)
  })

  it('pays the debts of those who are gone before those of others', () => {
    const clock = new Clock()
    const throttle = new Throttle(clock, 1000)
    const [gone, other, joined] = [new Modest(), new Modest(), new Modest()]
    expect(throttle.join(gone)).toBe(true)
    throttle.spend(gone, 2000)
    throttle.spend(other, 500)
    throttle.forget(gone)
    throttle.forget(gone)
    expect(throttle.join(joined)).toBe(false)
    run(clock, 0.98)
    expect([other.told, joined.told]).toEqual([0, 0])
    run(clock, 0.04)
    expect([gone.told, other.told, joined.told]).toEqual([0, 0, 1])
    run(clock, 0.6)
    expect([other.told, clock.getDelayedCalls()]).toEqual([1, []])
  })

  it('gives those who leave and come again no more than the others', () => {
    const clock = new Clock()
    const throttle = new Throttle(clock, 1000)
    let spent = 0
    for (let i = 0; i < 6000; i++) {
      const modest = new Modest()
      if (throttle.join(modest)) {
        spent += 5000
        throttle.spend(modest, 5000)
      }
      throttle.forget(modest)
      expect(clock.getDelayedCalls()).toEqual([])
      clock.advance(0.01)
    }
    expect(spent).toBeGreaterThanOrEqual(55_000)
    expect(spent).toBeLessThanOrEqual(60_000 + 1000 + 5000)
  })

  it('never gives more than its rate and what is saved, whatever is done to it', () => {
    const step = fc.record({
      who: fc.nat(3),
      bytes: fc.nat(3000),
      wait: fc.constantFrom(0, 0, 0.005, 0.02, 0.5, 3),
      leaves: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const clock = new Clock()
        const throttle = new Throttle(clock, 1000)
        const may = new Map<number, Spender>()
        const waiting = new Set<number>()
        let spent = 0
        for (const { who, bytes, wait, leaves } of steps) {
          if (!may.has(who)) may.set(who, { proceed: () => waiting.delete(who) })
          const spender = may.get(who)!
          if (leaves) {
            throttle.forget(spender)
            waiting.delete(who)
            may.delete(who)
          } else if (!waiting.has(who)) {
            if (!throttle.join(spender)) waiting.add(who)
            else {
              spent += bytes
              if (!throttle.spend(spender, bytes)) waiting.add(who)
            }
          }
          for (let i = 0; i < 25; i++) clock.advance(wait / 25)
        }
        // Each of four may have gone one chunk into debt.
        expect(spent).toBeLessThanOrEqual(1000 * (1 + clock.seconds()) + 4 * 3000 + 1)
        for (const who of may.keys()) if (!waiting.has(who)) may.delete(who)
        run(clock, 15)
        expect(waiting.size).toBe(0)
        expect(clock.getDelayedCalls()).toEqual([])
      }),
    )
  })

  it('takes back what was not spent until the next tick', () => {
    const clock = new Clock()
    const throttle = new Throttle(clock, 1000)
    const modest = new Modest()
    throttle.spend(modest, 1000)
    expect(throttle.spend(modest, 1)).toBe(false)
    run(clock, 0.04)
    expect([modest.told, clock.getDelayedCalls()]).toEqual([1, []])
    expect(throttle.spend(modest, 38)).toBe(true)
    expect(throttle.spend(modest, 2)).toBe(false)
  })

  it('gives nobody more than a second worth after a stall', () => {
    const clock = new Clock()
    const throttle = new Throttle(clock, 1000)
    const modest = new Modest()
    throttle.spend(modest, 1001)
    clock.advance(60)
    expect(modest.told).toBe(1)
    expect(throttle.spend(modest, 999)).toBe(true)
    expect(throttle.spend(modest, 2)).toBe(false)
  })

  it.each([
    [1, 1],
    [25, 3],
    [100_000, 10_000],
    [1e9, 16_384],
  ])('at %d a second, says that pieces should have %d bytes', (rate, piece) => {
    expect(new Throttle(new Clock(), rate).piece).toBe(piece)
  })
})
