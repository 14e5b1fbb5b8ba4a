import { CancelledError, realTurn } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { type Follower, Settlement } from '../src/settlement.ts'
import { outcomes } from './kit.ts'

function follower(told: unknown[]): Follower {
  return { childDone: (_, error) => told.push(error) }
}

describe('Settlement', () => {
  it('tells promises and followers once, in order', async () => {
    const told: unknown[] = []
    const settlement = new Settlement(follower(told))
    settlement.follow(follower(told))
    settlement.follow(follower(told))
    settlement.follow(undefined)
    const promises = [settlement.promise(), settlement.promise()]
    expect(promises[0]).not.toBe(promises[1])
    const error = new Error('no')
    settlement.settle(error)
    settlement.settle(undefined)
    expect(told).toEqual([error, error, error])
    expect(settlement.error).toBe(error)
    expect(await outcomes(...promises)).toEqual([error, error])
  })

  it('gives promises of what has settled already', async () => {
    const [well, badly] = [new Settlement(undefined), new Settlement(undefined)]
    well.settle(undefined)
    badly.settle(new Error('no'))
    expect(await outcomes(well.promise(), badly.promise())).toEqual(['done', new Error('no')])
  })

  it('knows whether anybody waits, and whether anybody has looked', () => {
    const settlement = new Settlement(undefined)
    expect([settlement.awaited, settlement.seen]).toEqual([false, false])
    settlement.follow(follower([]))
    expect([settlement.awaited, settlement.seen]).toEqual([true, true])
    const other = new Settlement(undefined)
    void other.promise()
    expect([other.awaited, other.seen]).toEqual([true, true])
    expect(new Settlement(follower([])).seen).toBe(false)
  })

  it.each([
    ['leaves an error to be caught', new Error('no'), 1],
    ['asks nobody to catch that something was cancelled', new CancelledError(), 0],
  ])('%s', async (_, error, count) => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    const others = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection')
    process.on('unhandledRejection', note)
    const settlement = new Settlement(undefined)
    void settlement.promise()
    settlement.settle(error)
    await realTurn()
    process.off('unhandledRejection', note)
    for (const other of others) process.on('unhandledRejection', other)
    expect(unhandled.length).toBe(count)
  })
})
