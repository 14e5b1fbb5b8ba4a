/**
 * The time of day, read once in a turn: a tree of many services starts in no time. That of the system is read once in a turn of
 * the event loop, or after so many turns of ours: a clock is dearer than all else that a change of state costs.
 *
 * It is kept in whole milliseconds since the first reading: a small number, which is cheap to keep in many objects.
 *
 * @module
 */
import type { IReactorTime, IServiceContext, IWallClock, Seconds } from '@sennit/interfaces'
import { realTurn, wallClock } from '@sennit/runtime'
import { wallClockOf } from '@sennit/runtime/internal'
import { currentTurn } from './loop.ts'

/** No reading yet. */
export const NEVER = -1

/** Twelve days. */
const SMALL = 2 ** 30

/** After so many turns it is read again, as promises that settle at once can make a turn of the event loop long. */
const SPARED = 64

let first: number | undefined
let turn = -1
let source: object | undefined
let reading = 0
/** How many turns more the reading is good for. */
let spared = 0
/** Whether the end of this turn of the event loop is waited for. */
let waits = false

/** The time of this turn, by the reactor when it knows the time of day. */
export function timeOfTurn({ reactor }: IServiceContext): number {
  const now = currentTurn()
  if (now === turn && reactor === source) return reading
  if (spared > 0 && reactor === source) spared--
  else refresh(reactor)
  turn = now
  return reading
}

function refresh(reactor: IReactorTime): void {
  const clock = clockOf(reactor)
  const milliseconds = Math.round(read(clock) * 1000)
  // The lowest reading is 0, so that none is taken for `NEVER`, unless somebody sets the clock back.
  const passed = milliseconds - (first ??= milliseconds)
  // The engine keeps a number as a small one only when it has been made an integer.
  reading = Math.abs(passed) < SMALL ? Math.trunc(passed) | 0 : passed
  source = reactor
  spared = 0
  if (clock !== wallClock) return
  spared = SPARED
  if (waits) return
  waits = true
  void realTurn().then(turnIsOver)
}

function turnIsOver(): void {
  waits = false
  spared = 0
}

// The time of the state is told to people: no transition ends half-way because a reactor throws when it is asked.

function clockOf(reactor: IReactorTime): IWallClock {
  try {
    return wallClockOf(reactor)
  } catch {
    return wallClock
  }
}

function read(clock: IWallClock): Seconds {
  try {
    return clock.now()
  } catch {
    return wallClock.now()
  }
}

/** A reading in seconds since 1970. */
export function asSeconds(time: number): Seconds {
  return ((first ?? 0) + time) / 1000
}
