/**
 * Arithmetic of the grid `start + n * interval`.
 *
 * **Source:** Twisted, `twisted/internet/task.py`, `LoopingCall._scheduleFrom`, `LoopingCall.withCount`.
 *
 * @module
 */
import type { Seconds } from '@sennit/interfaces'

/** The delay until the next point that is strictly in the future; 0 for the interval 0. */
export function delayToNextPoint(start: Seconds, interval: Seconds, now: Seconds): Seconds {
  if (interval === 0) return 0
  const delay = interval - ((now - start) % interval)
  // A delay too small to change the time would come at the same point again.
  return now + delay === now ? interval : delay
}

/** How many points there are after `from`, up to `to`; less than 1 where rounding hides one, which the next count then has. */
export function pointsPassed(start: Seconds, interval: Seconds, from: Seconds, to: Seconds): number {
  return Math.trunc((to - start) / interval) - Math.trunc((from - start) / interval)
}

/** The number of the first point that is strictly in the future, and after the point with the number `last`. */
export function nextPoint(start: Seconds, interval: Seconds, now: Seconds, last: number): number {
  let point = Math.max(Math.floor((now - start) / interval), last) + 1
  if (start + point * interval <= now) point++
  return point
}
