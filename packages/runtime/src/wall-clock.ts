/**
 * Time of day.
 *
 * @module
 */
import type { IWallClock } from '@sennit/interfaces'
import { hasRole } from './roles.ts'

/** The time of day by the system. It can jump when somebody sets it. */
export const wallClock: IWallClock = { now: () => Date.now() / 1000 }

/** The time of day of a reactor that brings its own, such as a simulated world; else the system's. */
export function wallClockOf(reactor: unknown): IWallClock {
  return hasRole<IWallClock>(reactor, ['now']) ? reactor : wallClock
}
