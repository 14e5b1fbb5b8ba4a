/**
 * Asking a log what it keeps.
 *
 * @module
 */
import type { ILog } from '@sennit/interfaces'
import { defaultLog } from '@sennit/runtime'

/** Whether somebody sees debug events: the default log drops them, and pino can say so. Never throws. */
export function seesDebug(log: ILog): boolean {
  if (log === defaultLog) return false
  const { isLevelEnabled } = log as { isLevelEnabled?: (level: string) => boolean }
  try {
    return typeof isLevelEnabled !== 'function' || isLevelEnabled.call(log, 'debug')
  } catch {
    return false
  }
}
