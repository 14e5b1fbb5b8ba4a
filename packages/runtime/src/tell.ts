/**
 * Telling a log.
 *
 * @module
 */
import type { ILog } from '@sennit/interfaces'

/** Logs. A log may throw, as pino does after its end; nothing is left half-done for that. */
export function tell(log: ILog, level: keyof ILog, fields: object, message: string): void {
  try {
    log[level](fields, message)
  } catch {
    // There is nobody else to be told.
  }
}
