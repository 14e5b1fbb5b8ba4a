/**
 * A promise of a later call.
 *
 * Source: Twisted, `twisted/internet/task.py`, `deferLater`.
 * Differs: cancelled by a signal.
 *
 * @module
 */
import type { Duration, IReactorTime } from '@sennit/interfaces'
import { bounded } from './bounded.ts'
import { toSeconds } from './duration.ts'
import { isThenable } from './promises.ts'

/** Options of `deferLater`. */
export interface DeferLaterOptions {
  /** Cancels the call, or the waiting for what it returned; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Calls `f` after a delay.
 *
 * @param clock - the clock on which the delay runs
 * @param delay - seconds, or a number with its unit
 * @param f - what to call; nothing when absent
 * @returns what `f` returns
 * @throws the signal's reason, as a rejection; `f` is not called any more
 * @throws what `f` throws, as a rejection
 * @example
 * ```ts
 * await deferLater(clock, '250ms')
 * ```
 */
export function deferLater<T = void>(
  clock: IReactorTime,
  delay: Duration,
  f?: () => T | PromiseLike<T>,
  { signal }: DeferLaterOptions = {},
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    signal?.throwIfAborted()
    const call = clock.callLater(toSeconds(delay, 'delay'), () => {
      signal?.removeEventListener('abort', cancel)
      try {
        const result = f?.()
        resolve(isThenable(result) ? bounded(result, { signal }, clock) : (result as T))
      } catch (error) {
        reject(error as Error)
      }
    })
    const cancel = () => {
      call.cancel()
      reject(signal!.reason as Error)
    }
    signal?.addEventListener('abort', cancel, { once: true })
  })
}
