/**
 * The log of the command: JSON for machines, text for people.
 *
 * @module
 */
import { inspect } from 'node:util'
import pino from 'pino'

/** How log lines look. */
export type LogFormat = 'json' | 'text'

/** Options of `makeLog`. */
export interface LogOptions {
  readonly format: LogFormat
  readonly level: string
}

/** The levels, from the least to the most important. */
export const LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** A log on stdout, written at once, so that nothing is lost at the end. A reader that is gone is no error. */
export function makeLog({ format, level }: LogOptions): pino.Logger {
  const stdout = pino.destination({ dest: 1, sync: true })
  stdout.on('error', () => {})
  if (format === 'json')
    return pino({ level, base: null, serializers: { err: pino.stdSerializers.err } }, stdout)
  return pino(
    { level, base: null, serializers: { err: (error: unknown) => inspect(error) } },
    {
      write: (line: string) => stdout.write(formatLine(line)),
    },
  )
}

/** One line of pino's, as text: `12:34:56 info message key=value`. */
export function formatLine(line: string): string {
  const { level, time, msg = '', err, ...fields } = JSON.parse(line) as Record<string, unknown>
  const clock = new Date(time as number).toISOString().slice(11, 19)
  const label = pino.levels.labels[level as number] ?? String(level)
  const rest = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const trace = err === undefined ? '' : `\n${String(err)}`
  return `${clock} ${label} ${String(msg)}${rest.join('')}${trace}\n`
}
