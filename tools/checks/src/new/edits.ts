/**
 * The lines that a new package adds to files that are there, and its first changeset.
 *
 * @module
 */
import { isDeepStrictEqual } from 'node:util'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TABLE, type Table } from '../layer-table.ts'
import type { NewPackage } from './plan.ts'

const DOCS = 'tools/docs/package.json'

/** @returns the new text of each file, by its path from the root; nothing is written */
export function edits(root: string, made: NewPackage): [file: string, text: string][] {
  const { short, name, folder, about } = made
  const read = (file: string): string => readFileSync(join(root, file), 'utf8')
  return [
    [TABLE, withRow(read(TABLE), made)],
    ['tsconfig.json', withReference(read('tsconfig.json'), folder)],
    ['tsconfig.types.json', withReference(read('tsconfig.types.json'), `${folder}/test`)],
    // The example of its README is run there.
    [DOCS, withDependency(read(DOCS), name)],
    ['README.md', withTableRow(read('README.md'), made)],
    [`.changeset/first-${short}.md`, `---\n'${name}': minor\n---\n\nFirst release: ${lowerFirst(about)}\n`],
  ]
}

/** Adds the row below the others of its layer. */
export function withRow(text: string, { short, row }: NewPackage): string {
  const table = JSON.parse(text) as Table
  const names = Object.keys(table)
  const above = names.find((other) => table[other]!.layer > row.layer)
  const line = `  ${JSON.stringify(short)}: { "layer": ${row.layer}, "uses": ${JSON.stringify(row.uses).replaceAll(',', ', ')} }`
  const changed = above
    ? text.replace(`\n  "${above}":`, () => `\n${line},\n  "${above}":`)
    : text.replace(/\n\}\s*$/, (end) => `${names.length > 0 ? ',' : ''}\n${line}${end}`)
  return checked(changed, { ...table, [short]: row }, TABLE)
}

/** Adds a reference in the order of the alphabet. */
export function withReference(text: string, path: string): string {
  const config = JSON.parse(text) as { references: { path: string }[] }
  const paths = config.references.map((reference) => reference.path)
  const last = paths.findLastIndex((other) => other.startsWith('packages/') && other < path)
  const line = `{ "path": ${JSON.stringify(path)} }`
  const above = last < 0 ? '"references": [' : `{ "path": ${JSON.stringify(paths[last])} }`
  const comma = last < 0 ? ['', paths.length > 0 ? ',' : ''] : [',', '']
  const changed = text.replace(above, () => `${above}${comma[0]}\n    ${line}${comma[1]}`)
  return checked(changed, { ...config, references: config.references.toSpliced(last + 1, 0, { path }) }, path)
}

/** Adds a sibling to the dependencies, in the order of the alphabet. */
function withDependency(text: string, name: string): string {
  const manifest = JSON.parse(text) as { dependencies?: Record<string, string> }
  const entries = [...Object.entries(manifest.dependencies ?? {}), [name, 'workspace:^'] as [string, string]]
  const dependencies = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
  return `${JSON.stringify({ ...manifest, dependencies }, null, 2)}\n`
}

/** Adds a row to the table of the packages, below the others of its layer; a column that it does not know stays empty. */
export function withTableRow(text: string, { short, name, about, row }: NewPackage): string {
  const lines = text.split('\n')
  const head = lines.findIndex((line) => /^\| *layer *\| *package *\|/.test(line))
  if (head < 0) throw new Error(`Cannot make a package: no table of layers and packages in README.md`)
  const length = lines.slice(head).findIndex((line) => !line.startsWith('|'))
  const end = length < 0 ? lines.length : head + length
  const layerOf = (line: string): number => Number(line.split('|')[1])
  const known: Readonly<Record<string, string>> = {
    layer: String(row.layer),
    package: `[\`${name}\`](packages/${short})`,
    'what it is': lowerFirst(about).replace(/\.$/, ''),
  }
  const cells = lines[head]!.split('|')
    .slice(1, -1)
    .map((title) => known[title.trim()] ?? '')
  const above = lines.findIndex((line, index) => index > head + 1 && index < end && layerOf(line) > row.layer)
  const line = `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |')
  return lines.toSpliced(above < 0 ? end : above, 0, line).join('\n')
}

/** The text, once it says what it is meant to say. */
function checked(text: string, meant: unknown, what: string): string {
  if (isDeepStrictEqual(JSON.parse(text), meant)) return text
  throw new Error(`Cannot make a package: no place found for ${what}`)
}

function lowerFirst(text: string): string {
  // `JSON` and `HTTP` stay what they are.
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}
