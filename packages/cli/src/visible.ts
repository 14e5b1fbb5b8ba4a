/**
 * Text that others have written, made harmless for a terminal.
 *
 * @module
 */

/**
 * Control characters (escape sequences begin with them), what turns the direction of writing, breaks a line, or cannot be seen, and halves of
 * characters.
 */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e007f}]/gu

/** The text on one line, in which nothing is hidden: `\n` and the like as such, all else as `\x1b` or `\u202e`. */
export function visible(text: string): string {
  return text.replace(HIDDEN, escaped)
}

/** The same for text of several lines. */
export function visibleLines(text: string): string {
  return text.replace(HIDDEN, (character) => (character === '\n' ? character : escaped(character)))
}

/** JSON in which nothing is hidden either; it means the same. */
export function visibleJson(json: string): string {
  return json.replace(HIDDEN, (character) => (character === '\n' ? character : unicode(character)))
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escaped(character: string): string {
  const code = character.charCodeAt(0)
  return SHORT[character] ?? (code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : unicode(character))
}

function unicode(character: string): string {
  return Array.from({ length: character.length }, (_, i) => {
    return `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`
  }).join('')
}
