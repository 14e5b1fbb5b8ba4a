/**
 * Waiting for a promise, but not for ever.
 *
 * @module
 */
import type { Duration, IDelayedCall, IReactorTime } from '@sennit/interfaces'
import { toSeconds } from './duration.ts'
import { TimeoutError } from './errors.ts'

/** What every call that waits can be given. */
export interface Bounds {
  /** Ends the waiting; the rejection is the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Ends the waiting after so long, with a `TimeoutError`. */
  readonly timeout?: Duration | undefined
}

/**
 * Settles as `promise` does, or rejects when the signal is aborted or the time is over. What `promise` does later is ignored.
 *
 * @param what - what is waited for, as the `TimeoutError` shall name it
 */
export function bounded<T>(
  promise: PromiseLike<T>,
  { signal, timeout }: Bounds,
  clock: IReactorTime,
  what = 'The operation',
): Promise<T> {
  if (signal === undefined && timeout === undefined) return Promise.resolve(promise)
  return new Promise<T>((resolve, reject) => {
    let timer: IDelayedCall | undefined = undefined
    const aborted = () => settle(() => reject(signal!.reason as Error))
    const settle = (then: () => void) => {
      if (timer?.active()) timer.cancel()
      signal?.removeEventListener('abort', aborted)
      then()
    }
    promise.then(
      (value) => settle(() => resolve(value)),
      (error: Error) => settle(() => reject(error)),
    )
    const seconds = timeout === undefined ? Infinity : toSeconds(timeout, 'timeout')
    if (signal?.aborted) return aborted()
    signal?.addEventListener('abort', aborted)
    if (seconds === Infinity) return
    timer = clock.callLater(seconds, () => settle(() => reject(new TimeoutError(what, seconds))))
  })
}
