/**
 * The timer: measures again and again, and tells what has changed.
 *
 * @module
 */
import { TimerService, type TimerServiceOptions } from '@sennit/timer'

/** What is told after each measuring. */
export interface Size {
  readonly bytes: number
  /** How many bytes it has grown by since the last time. */
  readonly change: number
  /** How many points of time were left out, because the measuring before took too long. */
  readonly missed: number
}

/**
 * A service that measures at once, and then every so many seconds.
 *
 * A measuring that takes longer is not overtaken by the next one: the points of time that pass meanwhile are left out. One that fails is
 * logged, and the next one is made all the same.
 *
 * @param measure - yields bytes; its signal is aborted when the timer is stopped and does not want to wait any longer
 */
export function sizeTimer(
  seconds: number,
  measure: (signal: AbortSignal) => Promise<number>,
  tell: (size: Size) => void,
  options: TimerServiceOptions = {},
): TimerService {
  let last: number | undefined
  return new TimerService(
    seconds,
    async ({ signal, missed }) => {
      const bytes = await measure(signal)
      tell({ bytes, change: bytes - (last ?? bytes), missed })
      last = bytes
    },
    options,
  )
}
