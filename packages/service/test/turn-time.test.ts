import { Clock } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { Service } from '../src/index.ts'
import { closeLoop, openLoop } from '../src/loop.ts'
import { asSeconds, timeOfTurn } from '../src/turn-time.ts'

const turn = () => closeLoop(openLoop())

function told(times: number[]) {
  let reads = 0
  const reactor = Object.assign(new Clock(), { now: () => times[reads++]! })
  return { context: new Service({ reactor }).context, reads: () => reads }
}

describe('The time of a turn', () => {
  it('is read once in a turn, by the reactor that knows the time of day', () => {
    const { context, reads } = told([1_000_000.25, 1_000_001.5])
    turn()
    expect(asSeconds(timeOfTurn(context))).toBe(1_000_000.25)
    expect(asSeconds(timeOfTurn(context))).toBe(1_000_000.25)
    expect(reads()).toBe(1)
    turn()
    expect(asSeconds(timeOfTurn(context))).toBe(1_000_001.5)
  })

  it('is that of each reactor, in the same turn', () => {
    const [one, two] = [told([100, 100]), told([200])]
    turn()
    const times = [one, two, one].map(({ context }) => asSeconds(timeOfTurn(context)))
    expect(times).toEqual([100, 200, 100])
  })

  it('goes on for years, and back', () => {
    const { context } = told([1_800_000_000.125, 1_900_000_000.125, 5])
    for (const time of [1_800_000_000.125, 1_900_000_000.125, 5]) {
      turn()
      expect(asSeconds(timeOfTurn(context))).toBe(time)
    }
  })
})
