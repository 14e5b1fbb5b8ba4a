/**
 * Colours of a terminal.
 *
 * @module
 */

/** Colours text, or leaves it as it is. */
export type Paint = (color: Color, text: string) => string

export type Color = 'bold' | 'dim' | 'red' | 'green' | 'yellow'

const CODES: Readonly<Record<Color, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
}

/** @param colors - whether there are any */
export function painter(colors: boolean): Paint {
  if (!colors) return (_color, text) => text
  return (color, text) => `\u001b[${CODES[color][0]}m${text}\u001b[${CODES[color][1]}m`
}
