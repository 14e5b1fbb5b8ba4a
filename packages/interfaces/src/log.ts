/**
 * The role of the log. It has pino's call form, so that a pino logger satisfies it as it is.
 *
 * @module
 */

/** Logs fields and a message; an error is the field `err`. */
export type LogMethod = (fields: object, message?: string) => void

/** Where events are written. */
export interface ILog {
  readonly debug: LogMethod
  readonly info: LogMethod
  readonly warn: LogMethod
  readonly error: LogMethod
}
