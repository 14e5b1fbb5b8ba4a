/**
 * What went wrong, in one message: that of the error, and those of its causes that say more.
 *
 * @module
 */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { asError } from '@sennit/runtime/internal'

/** More causes than these help nobody. */
const MOST = 8

/** The folder of these modules. */
const OWN = fileURLToPath(new URL('.', import.meta.url))

/** The message of something thrown, with what it was caused by. */
export function explain(thrown: unknown): string {
  let text = messageOf(thrown)
  let error = thrown
  for (let i = 0; i < MOST; i++) {
    const { cause } = Object(error) as { cause?: unknown }
    if (cause === undefined || cause === null) break
    const message = messageOf(cause)
    if (!text.includes(message)) text += `: ${message}`
    error = cause
  }
  return text
}

/** Several errors in one, such as those of a connection attempt at all addresses, often have no message of their own. */
function messageOf(thrown: unknown): string {
  const error = asError(thrown)
  if (error.message !== '') return error.message
  const { errors = [], code } = error as { errors?: readonly unknown[]; code?: string }
  const messages = [...new Set(errors.slice(0, MOST).map(messageOf))]
  return messages.length > 0 ? messages.join('; ') : (code ?? error.name)
}

/** A line of a stack, or the first line of an error of syntax; CommonJS has paths where others have URLs. */
const PLACE = /^(?: +at (?:.* \()?)?(file:\/\/\S+?|\/.+?|[a-z]:\\.+?):(\d+)(?::\d+)?\)?$/gim

/** What went wrong, and where in the code of the user, when that is known. */
export function withPlace(text: string, thrown: unknown): string {
  const { stack } = Object(thrown) as { stack?: unknown }
  for (const [, place, line] of (typeof stack === 'string' ? stack : '').matchAll(PLACE)) {
    const file = place!.startsWith('file:') ? fileURLToPath(place!) : place!
    if (/[\\/]node_modules[\\/]/.test(file) || file.startsWith(OWN)) continue
    return `${text} (${relative(process.cwd(), file)}:${line})`
  }
  return text
}
