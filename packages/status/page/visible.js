/**
 * Text that others have written, so that what is read is what it is: nothing in it turns the direction of writing, or cannot be seen.
 *
 * @module
 */

/**
 * Control characters, what turns the direction, what has no width (but the joiners that some scripts need), halves of characters. Lines
 * and tabs are a matter of the style.
 */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e007f}]/gu

/**
 * The text, with what is hidden in it as `\u202e`; what is only blanks, in quotes.
 *
 * @param {string} text
 */
export function visible(text) {
  const shown = text.replace(HIDDEN, escaped)
  return shown.trim() === '' ? `“${shown}”` : shown
}

/** @param {string} character */
function escaped(character) {
  const code = (character.codePointAt(0) ?? 0).toString(16)
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
}
