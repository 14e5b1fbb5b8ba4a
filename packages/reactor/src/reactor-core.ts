/**
 * The life of the reactor on Node: turns, the process, and what is closed at the end.
 *
 * @module
 */
import type { ILog, IReactorTime, Seconds } from '@sennit/interfaces'
import { ReactorCore } from '@sennit/protocol/internal'

/** What a reactor closes in its shutdown. */
export interface Remaining {
  /** Closes it at once, with all that belongs to it. */
  shutDown(reason: Error): unknown
}

/** What the life of a reactor depends on. */
export interface NodeReactorCoreOptions {
  readonly clock: IReactorTime
  readonly log: ILog
  readonly shutdownTimeout: Seconds
  /** Lists what is open. */
  readonly remaining: () => Iterable<Remaining>
}

/** The longest time that the platform's timers can wait, in milliseconds. */
const LONGEST_INTERVAL = 2 ** 31 - 1

/** The core of a reactor that runs on Node's loop. */
export function nodeReactorCore({ remaining, ...options }: NodeReactorCoreOptions): ReactorCore {
  return new ReactorCore({
    ...options,
    soon: (call) => void setImmediate(call),
    hold: () => {
      const timer = setInterval(() => {}, LONGEST_INTERVAL)
      return () => clearInterval(timer)
    },
    closeAll: async (reason) => {
      // A list, since what is closed leaves it.
      const closing = Array.from(remaining(), (each) => each.shutDown(reason))
      await Promise.all(closing)
    },
  })
}
