/**
 * The system's time for those who wait now and then and want no queue for it: each call has a platform timer of its own.
 *
 * The system clock keeps its calls in a heap behind one timer, which pays for many of them. Who has one is served as well by this, at a
 * fraction of the code: a bundle with `retry` alone is a third smaller.
 *
 * @module
 */
import type { IDelayedCall, IReactorTime, Seconds } from '@sennit/interfaces'

/** As much of the roles of a clock as one needs who waits. */
export interface PlainClock extends Pick<IReactorTime, 'seconds'> {
  callLater(delay: Seconds, f: () => void): Pick<IDelayedCall, 'active' | 'cancel'>
}

/** Node's timers can wait for so many milliseconds, about 25 days. */
const LONGEST = 2 ** 31 - 1

/** Seconds on the monotonic clock, and calls that keep the process alive until they are made. */
export const plainClock: PlainClock = {
  seconds: () => performance.now() / 1000,
  callLater(delay, f) {
    const due = performance.now() + delay * 1000
    let timer: NodeJS.Timeout | undefined
    const wait = (): void => {
      timer = setTimeout(arrive, Math.min(Math.ceil(due - performance.now()), LONGEST))
    }
    const arrive = (): void => {
      if (performance.now() < due) return wait()
      timer = undefined
      f()
    }
    wait()
    return {
      active: () => timer !== undefined,
      cancel() {
        clearTimeout(timer)
        timer = undefined
      },
    }
  },
}
