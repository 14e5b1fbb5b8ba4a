import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')

/** The sections of a README, in their order; others may stand between them. */
const SECTIONS = [
  /^## When to use it$/m,
  /^## (?:Exports|Roles|Commands and exports)$/m,
  /^## From Twisted$/m,
  /^## Requirements\n.*Node 20\.19 or newer; types for TypeScript 5\.2 or newer/m,
  /^## Licence\nMIT$/m,
]

describe.each(globSync('packages/*/README.md', { cwd: root }).toSorted())('%s', (file) => {
  const text = readFileSync(join(root, file), 'utf8')
  const name = `@sennit/${dirname(file).slice('packages/'.length)}`

  it('begins with the name, a sentence, the command that installs it, and an example', () => {
    const first = new RegExp(
      String.raw`^# ${name}\n\n[A-Z][^\n]+[^]*?\`\`\`sh\n[^]*?npm install (?:--save-dev )?${name}\b[^]*?^\`\`\`ts\n`,
      'm',
    )
    expect(text).toMatch(first)
    expect(text.indexOf('npm install')).toBeLessThan(text.indexOf('## When to use it'))
  })

  it('has the sections that every README has, in the same order', () => {
    const places = SECTIONS.map((section) => text.search(section))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })
})

it('the index names every decision, by its title', () => {
  const index = readFileSync(join(root, 'tools/docs/README.md'), 'utf8')
  const rows = globSync('tools/docs/decisions/*.md', { cwd: root })
    .toSorted()
    .map((file) => {
      const [, number, title] = /^# (\d{3})\. (.+)$/m.exec(readFileSync(join(root, file), 'utf8')) ?? []
      return `- [${number}](${file.slice('tools/docs/'.length)}): ${title}`
    })
  expect(rows.length).toBeGreaterThan(10)
  expect(rows.filter((row) => !index.includes(`${row}\n`))).toEqual([])
})
