/**
 * Log lines as text, for people.
 *
 * @module
 */
import pino from 'pino'
import { visible, visibleLines } from './visible.ts'

/**
 * One line of pino's, as text: `2026-01-02T03:04:05.006Z info hello port=80`; the stack of an error on further lines.
 *
 * What others have sent may stand in it: no control character of theirs reaches a terminal, and no line can be forged.
 */
export function textLine(line: string): string {
  const { level, time, msg = '', err, ...fields } = JSON.parse(line) as Record<string, unknown>
  const label = pino.levels.labels[level as number] ?? String(level)
  const rest = Object.entries(fields).map(([key, value]) => ` ${visible(key)}=${valueText(value)}`)
  const stack = err === undefined ? '' : `\n${indented(String(err))}`
  return `${new Date(time as number).toISOString()} ${label} ${visible(String(msg))}${rest.join('')}${stack}\n`
}

function valueText(value: unknown): string {
  if (typeof value !== 'string') return visible(JSON.stringify(value))
  // Else a value could look like several fields.
  return visible(/[\s="]|^$/.test(value) ? JSON.stringify(value) : value)
}

function indented(text: string): string {
  return visibleLines(text).replace(/^/gm, '    ')
}
