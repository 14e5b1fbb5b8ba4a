/**
 * Reading one StatsD line: `NAME:VALUE|TYPE[|@RATE][|#TAGS]`.
 *
 * Types are `c` (counter), `g` (gauge), `ms` and `h` (timer), `s` (set). Tags are accepted and left out, because Graphite's
 * plain-text form has no place for them.
 *
 * @module
 */

/** What a line says. */
export type Metric =
  | { readonly type: 'counter'; readonly name: string; readonly value: number; readonly rate: number }
  | { readonly type: 'timer'; readonly name: string; readonly value: number; readonly rate: number }
  | { readonly type: 'gauge'; readonly name: string; readonly value: number; readonly relative: boolean }
  | { readonly type: 'set'; readonly name: string; readonly member: string }

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** The metric of a line, or `undefined` when the line makes no sense. */
export function parseStatsdLine(line: string): Metric | undefined {
  const colon = line.indexOf(':')
  if (colon < 1) return undefined
  const name = graphiteName(line.slice(0, colon))
  const [text, type, ...rest] = line.slice(colon + 1).split('|')
  const rate = sampleRate(rest)
  if (text === undefined || text === '' || rate === undefined) return undefined
  if (type === 's') return { type: 'set', name, member: text }
  const value = NUMBER.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(value)) return undefined
  switch (type) {
    case 'c':
      return { type: 'counter', name, value, rate }
    case 'ms':
    case 'h':
      return { type: 'timer', name, value, rate }
    case 'g':
      return { type: 'gauge', name, value, relative: text[0] === '+' || text[0] === '-' }
    default:
      return undefined
  }
}

/** In (0, 1]; 1 when none is given; `undefined` when a section makes no sense. */
function sampleRate(sections: readonly string[]): number | undefined {
  let rate = 1
  for (const section of sections) {
    if (section[0] === '@') rate = NUMBER.test(section.slice(1)) ? Number(section.slice(1)) : Number.NaN
    else if (section[0] !== '#') return undefined
  }
  return rate > 0 && rate <= 1 ? rate : undefined
}

/** Graphite's names have no blanks and no slashes. */
function graphiteName(name: string): string {
  return name
    .replace(/\s+/g, '_')
    .replace(/\//g, '-')
    .replace(/[^\w.-]/g, '')
}
