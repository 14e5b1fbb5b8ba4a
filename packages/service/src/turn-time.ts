/**
 * The time of day, read once in a turn: a tree of many services starts in no time.
 *
 * It is kept in whole milliseconds since the first reading: a small number, which is cheap to keep in many objects.
 *
 * @module
 */
import type { IReactorTime, IServiceContext, Seconds } from '@sennit/interfaces'
import { wallClock } from '@sennit/runtime'
import { wallClockOf } from '@sennit/runtime/internal'
import { currentTurn } from './loop.ts'

/** No reading yet. */
export const NEVER = -1

/** Twelve days. */
const SMALL = 2 ** 30

let first = 0
let turn = -1
let source: object | undefined
let reading = 0

/** The time of this turn, by the reactor when it knows the time of day. */
export function timeOfTurn({ reactor }: IServiceContext): number {
  const now = currentTurn()
  if (now !== turn || reactor !== source) {
    const milliseconds = Math.round(read(reactor) * 1000)
    // The lowest reading is 0, so that none is taken for `NEVER`, unless somebody sets the clock back.
    if (turn < 0) first = milliseconds
    turn = now
    source = reactor
    const passed = milliseconds - first
    // The engine keeps a number as a small one only when it has been made an integer.
    reading = Math.abs(passed) < SMALL ? Math.trunc(passed) | 0 : passed
  }
  return reading
}

function read(reactor: IReactorTime): Seconds {
  try {
    return wallClockOf(reactor).now()
  } catch {
    // The time of the state is told to people; no transition ends half-way for it.
    return wallClock.now()
  }
}

/** A reading in seconds since 1970. */
export function asSeconds(time: number): Seconds {
  return (first + time) / 1000
}
