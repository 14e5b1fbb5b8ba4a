/**
 * Waiting for something that has to be closed again when it is not wanted any more.
 *
 * @module
 */
import type { ILog, IReactorTime, Seconds } from '@sennit/interfaces'
import { bounded } from './bounded.ts'
import { tell } from './tell.ts'

/** How long an operation that was given up may take to end before nobody waits for it any more. */
const GRACE: Seconds = 1

/** What `acquire` needs besides the promise. */
export interface AcquireOptions {
  /** Gives the operation up. */
  readonly signal: AbortSignal
  readonly clock: IReactorTime
  /** Told when what comes too late is an error, or cannot be closed. */
  readonly log: ILog
}

/**
 * Settles as `promise` does. When the signal is aborted, rejects with its reason: as soon as the operation has ended, but a
 * second later at the latest. What it yields from then on is closed. That it failed because it was given up is no news; any
 * other late error is logged.
 *
 * @param promise - what was begun with the same signal
 * @param close - closes what came too late
 */
export async function acquire<T>(
  promise: Promise<T>,
  close: (value: T) => void | Promise<void>,
  { signal, clock, log }: AcquireOptions,
): Promise<T> {
  try {
    return await bounded(promise, { signal }, clock)
  } catch (error) {
    if (!signal.aborted) throw error
    const ended = promise.then(close).catch((late: Error & { code?: unknown }) => {
      if (late !== signal.reason && late.code !== 'ABORT_ERR')
        tell(log, 'error', { err: late }, 'Giving up has failed')
    })
    await bounded(ended, { timeout: GRACE }, clock).catch(() => {})
    throw error
  }
}
