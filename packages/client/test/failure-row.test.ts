import { describe, expect, it, vi } from 'vitest'
import { FailureRow } from '../src/failure-row.ts'
import { type ConnectionOptions, connectionSettings } from '../src/settings.ts'
import { testContext } from './fakes.ts'

/** A row that has begun, on a clock. */
function row(options: ConnectionOptions<unknown> = {}) {
  const context = testContext()
  const made = new FailureRow(connectionSettings({ retryPolicy: (failures) => failures * 10, ...options }))
  const start = () => made.start(context.clock.seconds())
  /** One more failure; yields the delay. */
  const fail = (error: Error = new Error('refused')) => {
    made.add()
    return made.delay(error, context)
  }
  start()
  return { ...context, row: made, start, fail }
}

describe('FailureRow', () => {
  it('CS-53 counts 1, 2, 3 …, and anew after a connection', () => {
    const bench = row()
    expect([bench.fail(), bench.fail(), bench.fail()]).toEqual([10, 20, 30])
    expect(bench.row.count).toBe(3)
    bench.row.clear(bench.clock.seconds())
    expect(bench.row.count).toBe(0)
    expect(bench.fail()).toBe(10)
  })

  it('CS-54 counts on after a start, unless it was given up', () => {
    const bench = row()
    bench.fail()
    bench.start()
    expect(bench.fail()).toBe(20)
    bench.row.giveUp()
    expect(bench.row.count).toBe(2)
    bench.start()
    expect(bench.fail()).toBe(10)
    bench.start()
    expect(bench.fail()).toBe(20)
  })

  it('BP-08 gives the policy the failures, the randomness, and the time since the row began', () => {
    const retryPolicy = vi.fn<() => number>(() => 1)
    const bench = row({ retryPolicy })
    bench.clock.advance(2)
    bench.fail()
    bench.clock.advance(3)
    bench.fail()
    bench.row.clear(bench.clock.seconds())
    bench.fail()
    bench.clock.advance(4)
    bench.start()
    bench.fail()
    expect(retryPolicy.mock.calls).toEqual([
      [1, bench.random, 2],
      [2, bench.random, 5],
      [1, bench.random, 0],
      [2, bench.random, 0],
    ])
  })

  it('BP-08 gives up after maxFailures since the start or the last connection, without asking anybody', () => {
    const isFatal = vi.fn<() => boolean>(() => false)
    const bench = row({ maxFailures: 2, isFatal })
    expect(bench.fail()).toBe(10)
    bench.start()
    expect([bench.fail(), bench.fail()]).toEqual([20, Infinity])
    expect(isFatal).toHaveBeenCalledTimes(2)
    bench.row.clear(0)
    expect([bench.fail(), bench.fail()]).toEqual([10, Infinity])
  })

  it('BP-08 gives up when the error is fatal, or the policy gives up', () => {
    const fatal = new Error('bad login')
    const isFatal = vi.fn<(error: Error, failures: number) => boolean>((error) => error === fatal)
    const bench = row({ isFatal, retryPolicy: (failures) => (failures < 3 ? 1 : Infinity) })
    const other = new Error('refused')
    expect([bench.fail(other), bench.fail(fatal), bench.fail(other)]).toEqual([1, Infinity, Infinity])
    expect(isFatal.mock.calls).toEqual([
      [other, 1],
      [fatal, 2],
      [other, 3],
    ])
  })

  it('takes only true for fatal, and what isFatal throws for false', () => {
    const bench = row({ isFatal: () => 'yes' as never })
    expect(bench.fail()).toBe(10)
    const error = new Error('broken')
    const throwing = row({
      isFatal: () => {
        throw error
      },
    })
    expect(throwing.fail()).toBe(10)
    expect(throwing.log.of('error').map(({ fields }) => fields)).toEqual([{ err: error }])
  })

  it.each([-1, NaN, undefined, '5'])('CS-56 takes the default when the policy yields %o', (delay) => {
    const bench = row({ retryPolicy: () => delay as number })
    // 1.5 / 2 * 1.5: half of the randomness.
    expect(bench.fail()).toBe(1.125)
    expect(bench.log.of('error').map(({ fields }) => fields)).toEqual([{ delay, attempt: 1 }])
  })

  it('CS-56 takes the default when the policy throws', () => {
    const error = new Error('broken')
    const bench = row({
      retryPolicy: () => {
        throw error
      },
    })
    expect(bench.fail()).toBe(1.125)
    expect(bench.log.of('error').map(({ fields }) => fields)).toEqual([{ err: error, attempt: 1 }])
  })

  it.each([0, 12345.5])('CS-55 changes nothing in what the policy says: %d', (delay) => {
    expect(row({ retryPolicy: () => delay }).fail()).toBe(delay)
  })
})
