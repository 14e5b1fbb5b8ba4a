/**
 * What the arguments say about the log.
 *
 * @module
 */

/** How log lines look. */
type LogFormat = 'json' | 'text'

/** What the arguments say about the log. */
export interface LogArguments {
  readonly logLevel: string
  /** @defaultValue text on a terminal, else JSON */
  readonly logFormat?: LogFormat
  /** `-` is stdout, `+` is stderr, anything else a file that is appended to. */
  readonly logFile: string
}

/** The levels, from the least to the most important. */
export const LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']
