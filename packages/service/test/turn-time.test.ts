import type { IServiceContext } from '@sennit/interfaces'
import { Clock, realTurn } from '@sennit/runtime'
import { afterEach, describe, expect, it, vi } from 'vitest'
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
  it('is that of the system when the reactor throws as soon as it is asked whether it knows the time of day', () => {
    const reactor = new Clock()
    const { context } = new Service({ reactor })
    Object.defineProperty(reactor, 'now', {
      get() {
        throw new Error('not now')
      },
    })
    turn()
    expect(Math.abs(asSeconds(timeOfTurn(context)) - Date.now() / 1000)).toBeLessThan(1)
  })

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

describe('The time of a turn, by the system', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  /** Makes the system tell another time each time that it is asked, and counts. */
  function system() {
    let reads = 0
    vi.spyOn(Date, 'now').mockImplementation(() => 1_800_000_000_000 + reads++ * 1000)
    return { context: new Service({ reactor: new Clock() }).context, reads: () => reads }
  }

  const time = (context: IServiceContext) => {
    turn()
    return asSeconds(timeOfTurn(context)) - 1_800_000_000
  }

  it('is read once in a turn of the event loop', async () => {
    const { context, reads } = system()
    expect([time(context), time(context), time(context)]).toEqual([0, 0, 0])
    await Promise.resolve()
    expect(time(context)).toBe(0)
    await realTurn()
    expect([time(context), time(context), reads()]).toEqual([1, 1, 2])
    await realTurn()
    expect(time(context)).toBe(2)
  })

  it('is read again when a turn of the event loop is long', () => {
    const { context, reads } = system()
    const times = Array.from({ length: 140 }, () => time(context))
    expect([times.at(0), times.at(64), times.at(65), times.at(-1), reads()]).toEqual([0, 0, 1, 2, 3])
  })

  it('is that of a reactor that knows it itself, in between', () => {
    const { context } = system()
    const other = told([5, 6])
    const times = [context, other.context, other.context, context].map((each) => time(each))
    expect(times).toEqual([0, 5 - 1_800_000_000, 6 - 1_800_000_000, 1])
  })
})
