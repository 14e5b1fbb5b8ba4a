/**
 * Asking a log what it keeps, and telling it.
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

/** Logs. A log may throw, as pino does after its end; no transition ends half-way for that. */
export function tell(log: ILog, level: 'debug' | 'warn' | 'error', fields: object, message: string): void {
  try {
    log[level](fields, message)
  } catch {
    // There is nobody else to be told.
  }
}
