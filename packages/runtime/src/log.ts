/**
 * The log that is used when nobody gives another: warnings and errors go to stderr.
 *
 * @module
 */
import type { ILog } from '@sennit/interfaces'
import { nodeModule } from './node-module.ts'

/** Writes warnings and errors to stderr, one event after another, and drops the rest. */
export const defaultLog: ILog = {
  debug: () => {},
  info: () => {},
  warn: (fields, message) => write('warn', fields, message),
  error: (fields, message) => write('error', fields, message),
}

function write(level: string, fields: object, message = ''): void {
  const { inspect } = nodeModule('util')
  const { err, ...rest } = fields as { err?: unknown }
  let line = `${level}: ${message}`
  if (Object.keys(rest).length > 0) line += ` ${inspect(rest, { breakLength: Infinity, depth: 4 })}`
  if (err !== undefined) line += `\n${inspect(err)}`
  process.stderr.write(`${line}\n`)
}
