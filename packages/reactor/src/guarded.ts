/**
 * Calling what belongs to the application.
 *
 * @module
 */
import type { ILog } from '@sennit/interfaces'
import { asError } from '@sennit/runtime/internal'

/**
 * Calls `f`, and logs what it throws.
 *
 * @returns the error, when it threw
 */
export function guarded(log: ILog, message: string, f: () => void): Error | undefined {
  try {
    f()
    return undefined
  } catch (thrown) {
    const error = asError(thrown)
    log.error({ err: error }, message)
    return error
  }
}
