import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { examplesIn, examplesOf } from '../src/examples.ts'
import { complaint } from './support/complaint.ts'

const root = join(import.meta.dirname, '../../..')
const folder = join(import.meta.dirname, '../generated')

const documents = [
  'README.md',
  ...globSync(['{packages/*,tools/*,tools/examples/*}/README.md', 'tools/docs/{,guide/}*.md'], { cwd: root })
    .filter((document, index, all) => all.indexOf(document) === index)
    .toSorted(),
]
const examples = documents.flatMap((document) =>
  examplesOf(join(root, document)).map((example) => {
    const name = `${document.replace(/\.md$/, '').replaceAll('/', '-')}-${example.line}.ts`
    return { title: `${document}:${example.line}`, module: join(folder, name), code: example.code }
  }),
)

describe('examples', () => {
  beforeAll(() => {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
    for (const { module, code } of examples) writeFileSync(module, code)
  })

  it('are found in the README of the workspace and of every package', () => {
    const found = new Set(examples.map(({ title }) => title.replace(/:\d+$/, '')))
    const packages = globSync('packages/*/package.json', { cwd: root }).map((file) =>
      file.replace('package.json', 'README.md'),
    )
    expect(packages.filter((readme) => !found.has(readme))).toEqual([])
    expect(found.has('README.md')).toBe(true)
  })

  it('are found in every page of the guide that has TypeScript, each fence of it', () => {
    const guide = documents.filter((document) => document.startsWith('tools/docs/guide/'))
    const fences = guide.flatMap((document) => {
      const text = readFileSync(join(root, document), 'utf8')
      return [...text.matchAll(/^[ \t>]*[`~]{3,}[ \t]*(?:ts|typescript)\b.*$/gm)].map(
        ({ index }) => `${document}:${text.slice(0, index).split('\n').length}`,
      )
    })
    const found = examples.filter(({ title }) => title.startsWith('tools/docs/guide/'))
    expect(found.map(({ title }) => title)).toEqual(fences)
    expect(found.length).toBeGreaterThan(0)
  })

  it('are taken with what stands around them', () => {
    const text =
      'x\n<!-- prelude: const a = 1\n-->\n```ts\nconst b = a\n```\n<!-- epilogue:\nif (b !== 1) throw b\n-->\n'
    const [example, ...others] = examplesIn('x.md', text)
    expect(others).toEqual([])
    expect(example!.line).toBe(4)
    expect(example!.code.split(/\n+/)).toEqual([
      'const a = 1',
      'const b = a',
      'if (b !== 1) throw b',
      'export {}',
      '',
    ])
  })

  it('type-check', { timeout: 120_000 }, async () => {
    const tsc = join(root, 'node_modules/.bin/tsc')
    expect(
      await complaint(tsc, ['-p', join(import.meta.dirname, '../tsconfig.examples.json')], 110_000),
    ).toBe('')
  })

  it.each(examples.map(({ title, module }) => [title, module]))(
    '%s runs',
    { timeout: 40_000 },
    async (_title, module) => {
      expect(await complaint(process.execPath, ['--conditions=@sennit/source', module], 30_000)).toBe('')
    },
  )

  it('notice a wrong one', { timeout: 40_000 }, async () => {
    const module = join(folder, 'wrong.ts')
    writeFileSync(module, 'if (1 + 1 === 2) throw new Error(`a wrong example`)\n')
    expect(await complaint(process.execPath, [module], 30_000)).toContain('a wrong example')
    rmSync(module)
  })

  it('notice one that does not compile', { timeout: 40_000 }, async () => {
    const wrong = join(folder, 'wrong')
    mkdirSync(wrong)
    writeFileSync(
      join(wrong, 'tsconfig.json'),
      '{ "extends": "../../tsconfig.examples.json", "include": ["."] }',
    )
    writeFileSync(join(wrong, 'wrong.ts'), 'const text: string = 1\nexport {}\n')
    const tsc = join(root, 'node_modules/.bin/tsc')
    expect(await complaint(tsc, ['-p', wrong], 30_000)).toContain('wrong.ts(1,7)')
    rmSync(wrong, { recursive: true })
  })
})
