/**
 * Time of day.
 *
 * @module
 */
import type { IWallClock } from '@sennit/interfaces'

/** The time of day by the system. It can jump when somebody sets it. */
export const wallClock: IWallClock = { now: () => Date.now() / 1000 }
