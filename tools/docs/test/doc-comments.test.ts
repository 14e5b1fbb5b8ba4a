import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Table, TABLE } from '@sennit/checks/layer-table'
import { readJson } from '@sennit/checks/workspace'
import { docExamplesIn, type Source, typesIn, withImports } from '../src/doc-comments.ts'
import { complaint } from './support/complaint.ts'

const root = join(import.meta.dirname, '../../..')
const docs = join(import.meta.dirname, '..')
const folder = join(docs, 'generated-comments')

/** Those that are no use of a program but the program itself, or need what no test has: compiled only. */
const COMPILED_ONLY = new Map([
  ['packages/cli/src/main.ts', 'it ends the process'],
  ['packages/cli/src/load-application.ts', 'it loads a file that is not there'],
  ['packages/run/src/run.ts', 'it waits for a signal'],
  ['packages/run/src/react.ts', 'it is the main module'],
])

/** Where a name is looked for first: the package itself, then from below. What only names others again comes last. */
const layers = readJson<Table>(root, TABLE)
const ORDER = Object.keys(layers)
  .filter((name) => name !== 'internet')
  .toSorted((a, b) => layers[a]!.layer - layers[b]!.layer)

/** The module of a `ServiceMaker`. */
const CHAT = `import { Service } from '@sennit/service'\nexport const makeService = (_options: unknown) => new Service()`

const context = async (name: string): Promise<Source> => {
  const specifier = `../context/${name}.ts`
  const text = readFileSync(join(docs, 'context', `${name}.ts`), 'utf8')
  const values = new Set(Object.keys((await import(specifier)) as object))
  const types = new Set([...text.matchAll(/^export (?:type|interface) (\w+)/gm)].map(([, type]) => type!))
  for (const [, names] of text.matchAll(/^export type \{([^}]*)\}/gm))
    for (const type of names!.match(/\w+/g) ?? []) types.add(type)
  return { specifier, values, types }
}

const packageSource = async (name: string): Promise<Source> => {
  const report = join(root, 'packages', name, 'api.md')
  return {
    specifier: `@sennit/${name}`,
    values: new Set(Object.keys((await import(`@sennit/${name}`)) as object)),
    // A new package has its report only when it has been built.
    types: existsSync(report) ? typesIn(readFileSync(report, 'utf8')) : new Set(),
  }
}

const packages = new Map<string, Source>()
for (const name of ORDER) packages.set(name, await packageSource(name))
const contexts = new Map<string, Source>()
for (const file of readdirSync(join(docs, 'context')))
  contexts.set(file.replace('.ts', ''), await context(file.replace('.ts', '')))

const examples = globSync('packages/*/src/**/*.ts', { cwd: root })
  .toSorted()
  .flatMap((file) => docExamplesIn(file, readFileSync(join(root, file), 'utf8')))
  .map((example) => {
    const { file, line } = example
    const name = file.split('/')[1]!
    const others = ORDER.filter((each) => each !== name)
    const sources = [
      contexts.get(name),
      packages.get(name),
      contexts.get('common'),
      ...others.map((each) => packages.get(each)),
    ]
    const code = withImports(
      example,
      sources.filter((source) => source !== undefined),
    )
    const module = join(
      folder,
      `${relative('packages', file).replaceAll('/', '-').replace(/\.ts$/, '')}-${line}.ts`,
    )
    const around = contexts.has(name) ? [join(docs, 'context', `${name}.ts`)] : []
    return { title: `${file}:${line}`, file, module, code, around }
  })

describe('examples in doc comments', { timeout: 60_000 }, () => {
  beforeAll(() => {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
    for (const { module, code } of examples) writeFileSync(module, code)
    // What one of them loads.
    writeFileSync(join(folder, 'chat.ts'), `${CHAT}\n`)
  })

  it('are found in every package with something to show', () => {
    const found = new Set(examples.map(({ file }) => file.split('/')[1]))
    expect(found).toEqual(new Set(ORDER.filter((name) => name !== 'interfaces')))
    expect(examples.length).toBeGreaterThan(100)
  })

  it('type-check', async () => {
    const tsc = join(root, 'node_modules/.bin/tsc')
    expect(await complaint(tsc, ['-p', join(docs, 'tsconfig.comments.json')])).toBe('')
  })

  it.concurrent.each(examples.filter(({ file }) => !COMPILED_ONLY.has(file)))(
    '$title runs',
    async ({ module, around }) => {
      const runner = join(docs, 'src/run-doc-example.ts')
      expect(
        await complaint(process.execPath, ['--conditions=@sennit/source', runner, module, ...around]),
      ).toBe('')
    },
  )

  it('notice one that is wrong', async () => {
    const module = join(folder, 'wrong.ts')
    writeFileSync(module, 'export default async () => { throw new Error(`a wrong example`) }\n')
    const runner = join(docs, 'src/run-doc-example.ts')
    expect(await complaint(process.execPath, ['--conditions=@sennit/source', runner, module])).toContain(
      'a wrong example',
    )
    rmSync(module)
  })

  it('are left out of the run only where there are some', () => {
    for (const file of COMPILED_ONLY.keys()) expect(existsSync(join(root, file))).toBe(true)
  })
})

describe('withImports', () => {
  const sources: Source[] = [
    { specifier: 'a', values: new Set(['one', 'Two']), types: new Set(['Three']) },
    { specifier: 'b', values: new Set(['one', 'four']), types: new Set(['Two']) },
  ]
  const imported = (code: string): string =>
    withImports({ file: 'x', line: 1, code }, sources).split('export')[0]!.trim()

  it('imports what is used from the first that has it', () => {
    expect(imported('four(one as Three)\n')).toBe(
      "import { four } from 'b'\nimport { one, type Three } from 'a'",
    )
  })

  it('imports nothing that is declared, a member, a text or a comment', () => {
    expect(imported("const one = x.four // Two\nconst { Two: Three } = 'four'\n")).toBe('')
  })
})
