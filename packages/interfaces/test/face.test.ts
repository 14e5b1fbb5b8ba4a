import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const src = join(import.meta.dirname, '../src')
const roleFiles = readdirSync(src).filter((file) => file !== 'index.ts')
const index = readFileSync(join(src, 'index.ts'), 'utf8')

/** What a file exports, by its text: there is nothing at run time to ask. */
function exportedTypes(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8')
  return [...text.matchAll(/^export (?:interface|type) (\w+)/gm)].map((match) => match[1]!)
}

describe('interfaces', () => {
  it.each([...roleFiles.map((file) => file.replace(/\.ts$/, '')), 'index'])(
    '%s has nothing at run time',
    async (name) => {
      expect(Object.keys((await import(`../src/${name}.ts`)) as object)).toEqual([])
    },
  )

  it.each(roleFiles)('exports every role of %s from the index', (file) => {
    const names = exportedTypes(file)
    expect(names).not.toEqual([])
    const line = new RegExp(`export type \\{([^}]*)\\} from './${file.replace('.', '\\.')}'`).exec(index)
    const exported = (line?.[1] ?? '').split(',').map((name) => name.trim())
    expect(exported.filter(Boolean).toSorted()).toEqual(names.toSorted())
  })

  it.each(roleFiles)('keeps the roles of %s narrow', (file) => {
    const text = readFileSync(join(src, file), 'utf8')
    for (const [, name, body] of text.matchAll(/^export interface (I\w+)[^{]*\{\n(.*?)^\}/gms)) {
      const members = [...body!.matchAll(/^ {2}(?:readonly )?[\w[\].]+(?=[?(<:])/gm)]
      // IService and its log have the members of the original, and of pino.
      expect(members.length, name).toBeLessThanOrEqual(name === 'IService' ? 9 : 5)
    }
  })
})
