/**
 * How wide text is on a terminal.
 *
 * @module
 */

const graphemes = new Intl.Segmenter()

/** Characters of East Asia and pictures take two columns. */
const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|.\ufe0f)/u

/** Of these each takes one column: Latin, and the lines of trees. */
const PLAIN = /^[\u0020-\u007e\u00a1-\u02ff\u2500-\u257f]*$/

/** The columns that text takes which is `visible`. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += WIDE.test(segment) ? 2 : 1
  return width
}

/** The text, with spaces behind it up to a width. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}
