/**
 * What every clock does: `Clock`, the system's, a reactor's, a simulated one.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { IReactorTime, Seconds } from '@sennit/interfaces'
import { type ConformanceKit, type Maker, type Surroundings, caseWith } from './kit.ts'

/** What the suite for `IReactorTime` is given. */
export interface TimeSurroundings extends Surroundings {
  readonly clock: IReactorTime
  /** The shortest delay that can be told from another; all delays of the suite are multiples. 0.02 for a real clock. */
  readonly unit: Seconds
  /** Whether time moves only when the suite lets it, so that it can be compared exactly. */
  readonly isExact: boolean
  /** Whether a negative delay is refused (a reactor), or means the next turn (`Clock`). */
  readonly refusesNegative: boolean
  /** What was thrown by delayed calls so far, wherever it went: errors, or texts that name them. */
  errors(): readonly unknown[]
}

/** The suite for the role `IReactorTime`. */
export function timeConformance(kit: ConformanceKit, make: Maker<TimeSurroundings>): void {
  const it = caseWith(kit, make)

  kit.describe('IReactorTime: scheduling', () => {
    it('CK-01 RX-01 schedules a call that is active and knows its time', async ({ clock, unit, isExact }) => {
      const before = clock.seconds()
      const call = clock.callLater(unit, () => {})
      const after = clock.seconds()
      assert.equal(call.active(), true)
      assert.ok(call.getTime() >= before + unit && call.getTime() <= after + unit)
      if (isExact) assert.equal(call.getTime(), before + unit)
      call.cancel()
    })

    it('RX-01 never goes back', async ({ clock, unit, pass }) => {
      const times: Seconds[] = []
      for (let i = 0; i < 3; i++) {
        times.push(clock.seconds())
        await pass(unit)
      }
      times.push(clock.seconds())
      assert.deepEqual(
        times,
        Array.from(times).sort((a, b) => a - b),
      )
      assert.ok(times[3]! - times[0]! >= 3 * unit * 0.99)
    })

    it('RX-01 passes the arguments on', async ({ clock, unit, until }) => {
      const got: unknown[] = []
      clock.callLater(unit, (...args: [number, string]) => got.push(...args), 7, 'a')
      await until(() => got.length > 0)
      assert.deepEqual(got, [7, 'a'])
    })

    it('CK-02 runs a call not before its time', async ({ clock, unit, until }) => {
      const start = clock.seconds()
      let ranAt: Seconds | undefined
      clock.callLater(3 * unit, () => {
        ranAt = clock.seconds()
      })
      await until(() => ranAt !== undefined)
      assert.ok(ranAt! - start >= 3 * unit - 1e-9)
    })

    it('RX-02 runs a call with a zero delay in a later turn', async ({ clock, until }) => {
      let ran = false
      clock.callLater(0, () => {
        ran = true
      })
      assert.equal(ran, false)
      await until(() => ran)
    })

    it('RX-02 CK-11 refuses a negative delay, or takes it as none', async ({
      clock,
      refusesNegative,
      until,
    }) => {
      if (refusesNegative) {
        assert.throws(() => clock.callLater(-1, () => {}), { code: 'ERR_SENNIT_DELAY' })
        assert.deepEqual(clock.getDelayedCalls(), [])
        return
      }
      let ran = false
      clock.callLater(-1, () => {
        ran = true
      })
      assert.equal(ran, false)
      await until(() => ran)
    })

    it('RX-02 refuses a delay that is not a number', async ({ clock }) => {
      assert.throws(() => clock.callLater(Number.NaN, () => {}), { code: 'ERR_SENNIT_DELAY' })
    })

    it('RX-03 refuses what is no function', async ({ clock }) => {
      assert.throws(() => clock.callLater(0, 'f' as unknown as () => void), TypeError)
      assert.deepEqual(clock.getDelayedCalls(), [])
    })

    it('CK-07 RX-01 lists the pending calls only', async ({ clock, unit, until }) => {
      assert.deepEqual(clock.getDelayedCalls(), [])
      let ran = false
      clock.callLater(unit, () => {
        ran = true
      })
      const cancelled = clock.callLater(50 * unit, () => {})
      const kept = clock.callLater(60 * unit, () => {})
      cancelled.cancel()
      assert.equal(clock.getDelayedCalls().length, 2)
      await until(() => ran)
      assert.deepEqual(clock.getDelayedCalls(), [kept])
      kept.cancel()
      assert.deepEqual(clock.getDelayedCalls(), [])
    })
  })

  kit.describe('IReactorTime: order', () => {
    it('CK-02 RX-09 runs calls in the order of their times', async ({ clock, unit, until }) => {
      const order: number[] = []
      for (const n of [3, 1, 2]) clock.callLater(n * unit, () => order.push(n))
      await until(() => order.length === 3)
      assert.deepEqual(order, [1, 2, 3])
    })

    it('CK-05 RX-09 runs calls of the same time in the order in which they were scheduled', async ({
      clock,
      until,
    }) => {
      const order: number[] = []
      for (let n = 0; n < 20; n++) clock.callLater(0, () => order.push(n))
      await until(() => order.length === 20)
      assert.deepEqual(
        order,
        Array.from({ length: 20 }, (_, n) => n),
      )
    })

    it('RX-09 CK-04 lets a zero-delay call that is made by a call wait for the next turn', async ({
      clock,
      until,
    }) => {
      const order: string[] = []
      clock.callLater(0, () => {
        order.push('first')
        clock.callLater(0, () => order.push('inner'))
      })
      clock.callLater(0, () => order.push('second'))
      await until(() => order.length === 3)
      assert.deepEqual(order, ['first', 'second', 'inner'])
    })

    it('CK-04 is not hung by a call that schedules itself without delay', async ({ clock, unit, pass }) => {
      let runs = 0
      let stopped = false
      const again = () => {
        runs++
        if (!stopped) clock.callLater(0, again)
      }
      clock.callLater(0, again)
      await pass(unit)
      stopped = true
      assert.ok(runs > 0)
      await pass(0)
      await pass(0)
    })

    it('CK-08 RX-05 keeps the order after a reset to later and to sooner', async ({ clock, unit, until }) => {
      const order: string[] = []
      const a = clock.callLater(2 * unit, () => order.push('a'))
      clock.callLater(4 * unit, () => order.push('b'))
      const c = clock.callLater(20 * unit, () => order.push('c'))
      a.reset(6 * unit)
      c.reset(2 * unit)
      await until(() => order.length === 3)
      assert.deepEqual(order, ['c', 'b', 'a'])
    })

    it('CK-08 keeps the order after a reset from inside another call', async ({ clock, unit, until }) => {
      const order: string[] = []
      const late = clock.callLater(6 * unit, () => order.push('late'))
      clock.callLater(2 * unit, () => {
        order.push('mover')
        late.reset(6 * unit)
      })
      clock.callLater(7 * unit, () => order.push('between'))
      await until(() => order.length === 3)
      assert.deepEqual(order, ['mover', 'between', 'late'])
    })
  })

  kit.describe('IReactorTime: delayed calls', () => {
    it('RX-04 does not run a cancelled call', async ({ clock, unit, pass }) => {
      let ran = false
      clock
        .callLater(unit, () => {
          ran = true
        })
        .cancel()
      await pass(3 * unit)
      assert.equal(ran, false)
    })

    it('RX-04 refuses to change a call that was cancelled', async ({ clock, unit }) => {
      const call = clock.callLater(unit, () => {})
      call.cancel()
      assert.equal(call.active(), false)
      const code = 'ERR_SENNIT_ALREADY_CANCELLED'
      assert.throws(() => call.cancel(), { code })
      assert.throws(() => call.reset(1), { code })
      assert.throws(() => call.delay(1), { code })
    })

    it('RX-04 refuses to change a call that has run', async ({ clock, until }) => {
      let ran = false
      const call = clock.callLater(0, () => {
        ran = true
      })
      await until(() => ran)
      assert.equal(call.active(), false)
      const code = 'ERR_SENNIT_ALREADY_CALLED'
      assert.throws(() => call.cancel(), { code })
      assert.throws(() => call.reset(1), { code })
      assert.throws(() => call.delay(1), { code })
    })

    it('CK-09 RX-06 counts a call as called before it runs', async ({ clock, until }) => {
      let seen: { active: boolean; code: unknown } | undefined
      const call = clock.callLater(0, () => {
        try {
          call.cancel()
        } catch (error) {
          seen = { active: call.active(), code: (error as { code?: unknown }).code }
        }
      })
      await until(() => !call.active())
      assert.deepEqual(seen, { active: false, code: 'ERR_SENNIT_ALREADY_CALLED' })
    })

    it('RX-05 moves a call by delay, forth and back', async ({ clock, unit }) => {
      const call = clock.callLater(10 * unit, () => {})
      const time = call.getTime()
      call.delay(5 * unit)
      assert.ok(Math.abs(call.getTime() - (time + 5 * unit)) < 1e-9)
      call.delay(-8 * unit)
      assert.ok(Math.abs(call.getTime() - (time - 3 * unit)) < 1e-9)
      assert.equal(call.active(), true)
      call.cancel()
    })

    it('RX-05 sets a call to so long from now by reset', async ({ clock, unit, pass, isExact }) => {
      const call = clock.callLater(50 * unit, () => {})
      await pass(2 * unit)
      const before = clock.seconds()
      call.reset(4 * unit)
      const after = clock.seconds()
      assert.ok(call.getTime() >= before + 4 * unit - 1e-9 && call.getTime() <= after + 4 * unit + 1e-9)
      if (isExact) assert.equal(call.getTime(), before + 4 * unit)
      call.cancel()
    })

    it('RX-05 runs a call that was delayed to sooner than now in a later turn', async ({
      clock,
      unit,
      until,
    }) => {
      let ran = false
      const call = clock.callLater(10 * unit, () => {
        ran = true
      })
      call.delay(-20 * unit)
      assert.equal(ran, false)
      await until(() => ran)
    })

    it('RX-08 CK-10 runs the other calls when one throws, and loses no error', async ({
      clock,
      until,
      errors,
    }) => {
      const order: string[] = []
      clock.callLater(0, () => {
        throw new Error('boom')
      })
      clock.callLater(0, () => order.push('other'))
      await until(() => order.length === 1)
      assert.equal(errors().length, 1)
      assert.match(String(errors()[0]), /boom/)
      assert.deepEqual(clock.getDelayedCalls(), [])
    })
  })
}
