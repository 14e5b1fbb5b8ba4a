import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const page = readFileSync(join(root, 'tools/docs/guide/from-twisted.md'), 'utf8')

/** The names in the second cell of each row, up to what is said about them, and the package in the third. */
const rows = [...page.matchAll(/^\|[^|]*\| (?<here>`[^|]*) \| `@sennit\/(?<package>[a-z]+)` \|$/gm)].map(
  ({ groups }) => ({
    package: groups!['package']!,
    names: [...groups!['here']!.split(/[:;] /)[0]!.matchAll(/`(\w+)`/g)].map((match) => match[1]!),
  }),
)

/** What the entry files of a package export, as text: types are no values. */
function exported(name: string): string {
  const folder = join(root, 'packages', name, 'src')
  const files = name === 'interfaces' ? globSync(`${folder}/*.ts`) : [join(folder, 'index.ts')]
  return files.map((file) => readFileSync(file, 'utf8')).join('\n')
}

describe('the names for those who come from Twisted', () => {
  it('are exported by the package that their row names', () => {
    const wrong = rows.flatMap((row) =>
      row.names
        .filter((name) => !new RegExp(`\\b${name}\\b`).test(exported(row.package)))
        .map((name) => `${name} of ${row.package}`),
    )
    expect(wrong).toEqual([])
    expect(rows.flatMap(({ names }) => names).length).toBeGreaterThan(90)
  })
})
