/**
 * The table of the sizes in the README of the workspace.
 *
 * @module
 */

const BEGIN = '<!-- sizes -->'
const END = '<!-- /sizes -->'

/** What was measured of one package, in bytes. */
export interface Size {
  readonly name: string
  readonly alone: number
  /** With all that it depends on. */
  readonly together: number
}

/** @returns the README with the table in it, as it should be */
export function withSizes(readme: string, sizes: readonly Size[]): string {
  const [before, rest] = readme.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined)
    throw new Error(`The README has no place ${BEGIN} … ${END}`)
  const rows = sizes.map(
    ({ name, alone, together }) => `| \`@sennit/${name}\` | ${kB(alone)} | ${kB(together)} |`,
  )
  return [
    before,
    BEGIN,
    '\n| package | alone, kB | with all that it needs, kB |\n|---|---|---|\n',
    rows.join('\n'),
    '\n',
    END,
    after,
  ].join('')
}

function kB(bytes: number): string {
  return (bytes / 1000).toFixed(1)
}
