/**
 * What the log calls something that belongs to somebody else.
 *
 * @module
 */

/** Its text; the name of its class when that says nothing. */
export function nameOf(thing: object): string {
  try {
    const text = String(thing)
    return text.startsWith('[object ') ? thing.constructor.name : text
  } catch {
    return 'an object'
  }
}
