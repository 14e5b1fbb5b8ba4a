import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bundle } from '../src/bundle.js'

const SCOPE = '@sennit/'

/** In words that the check of this tool's own imports does not take for one. */
const importOf = (names: string, short: string): string => `import ${names} from '${SCOPE}${short}'\n`

const entry = (name: string) => ({ '@sennit/source': `./src/${name}.ts`, default: `./dist/${name}.js` })

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sennit-build-'))
})

afterEach(() => rmSync(root, { recursive: true }))

/** A package as others find it. */
function make(
  short: string,
  exports: Readonly<Record<string, object>>,
  sources: Readonly<Record<string, string>>,
  more: object = {},
): string {
  const folder = join(root, 'node_modules', SCOPE, short)
  const manifest = {
    name: SCOPE + short,
    type: 'module',
    exports: { ...exports, './package.json': './package.json' },
    ...more,
  }
  const files = { 'package.json': JSON.stringify(manifest), 'tsconfig.json': '{}' }
  for (const [file, text] of Object.entries({ ...files, ...sources })) write(folder, file, text)
  return folder
}

function write(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}

const modules = (folder: string): string[] =>
  readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .toSorted()

const built = (folder: string, file: string): string => readFileSync(join(folder, 'dist', file), 'utf8')

function run(code: string, ...args: string[]) {
  const { stdout, stderr } = spawnSync(process.execPath, [...args, '--input-type=module', '-e', code], {
    cwd: root,
    encoding: 'utf8',
  })
  return { stdout, stderr }
}

describe('a package with one entry', () => {
  it('is one module, without types and comments, and with what bundlers need to know', async () => {
    const folder = make(
      'one',
      { '.': entry('index') },
      {
        'src/index.ts': `export { two, type Two } from './two.ts'\n`,
        'src/two.ts': `/** A number. */\nexport type Two = 2\n/** Two. */\nexport const two: Two = /* @__PURE__ */ made() // why\nfunction made(): Two { return 2 }\n`,
      },
    )
    await bundle(folder)
    expect(modules(folder)).toEqual(['index.js'])
    expect(built(folder, 'index.js')).toContain(`/* @__PURE__ */ made()`)
    expect(built(folder, 'index.js')).not.toMatch(/A number|Two\.|why/)
    expect(run(`${importOf('* as face', 'one')}console.log(face)`).stdout).toContain('two: 2')
  })

  it('leads back to its sources when something is thrown', async () => {
    const source = `\n\nexport function fail(): never {\n  throw new Error('it fails')\n}\n`
    const folder = make(
      'one',
      { '.': entry('index') },
      {
        'src/index.ts': `export { fail } from './deep/fail.ts'\n`,
        'src/deep/fail.ts': source,
      },
    )
    await bundle(folder)
    const { stderr } = run(`${importOf('{ fail }', 'one')}fail()`, '--enable-source-maps')
    expect(stderr).toContain(`${join(folder, 'src/deep/fail.ts')}:4:9`)
    expect(built(folder, 'index.js.map')).not.toContain('it fails')
  })

  it('is left alone when nothing has changed, and rid of modules that are no more', async () => {
    const folder = make('one', { '.': entry('index') }, { 'src/index.ts': `export const a = 1\n` })
    await bundle(folder)
    const { ino } = statSync(join(folder, 'dist/index.js'))
    write(folder, 'dist/old.js', '')
    write(folder, 'dist/deep/old.js.map', '')
    write(folder, 'dist/index.d.ts', '')
    await bundle(folder)
    expect(statSync(join(folder, 'dist/index.js')).ino).toBe(ino)
    expect(readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' }).toSorted()).toEqual([
      'deep',
      'index.d.ts',
      'index.js',
      'index.js.map',
    ])
    write(folder, 'src/index.ts', `export const a = 2\n`)
    await bundle(folder)
    expect(built(folder, 'index.js')).toContain('a = 2')
  })
})

describe('a package with several entries', () => {
  const CLASS = `export class Shared {}\n`

  it('has each class once', async () => {
    const folder = make(
      'several',
      { '.': entry('index'), './more': entry('deep/more') },
      {
        'src/index.ts': `export { Shared } from './shared.ts'\n`,
        'src/deep/more.ts': `import { Shared } from '../shared.ts'\nexport const made = new Shared()\n`,
        'src/shared.ts': CLASS,
      },
    )
    await bundle(folder)
    expect(modules(folder)).toEqual(['deep/more.js', 'index.js', 'shared-shared.js'])
    const code = `${importOf('{ Shared }', 'several')}${importOf('{ made }', 'several/more')}console.log(made instanceof Shared)`
    expect(run(code).stdout).toBe('true\n')
  })

  it('builds what a pattern stands for, and commands', async () => {
    const exports = { '.': entry('index'), './*': entry('*') }
    const sources = {
      'src/index.ts': `export type A = 1\n`,
      'src/role.ts': `export type B = 1\n`,
      'src/command.ts': `#!/usr/bin/env node\nconsole.log('done')\n`,
    }
    const folder = make('several', exports, sources, { bin: { command: './dist/command.js' } })
    await bundle(folder)
    expect(modules(folder)).toEqual(['command.js', 'index.js', 'role.js'])
    expect(built(folder, 'command.js')).toMatch(/^#!\/usr\/bin\/env node\n/)
    expect(run(`${importOf('* as role', 'several/role')}console.log(Object.keys(role))`).stdout).toBe('[]\n')
  })

  it('says which package has no entry', async () => {
    const folder = make('none', { './more': entry('more') }, { 'src/more.ts': CLASS })
    await expect(bundle(folder)).rejects.toThrow(`${folder}: its package.json has no '.'`)
  })
})

describe('a package with an internal entry', () => {
  const INTERNAL = { '.': entry('index'), './internal': entry('internal') }
  const SOURCES = {
    'src/index.ts': `export { Shared, type Public } from './shared.ts'\n`,
    'src/internal.ts': `export { hidden } from './shared.ts'\n`,
    'src/shared.ts': `export type Public = 1\nexport class Shared {}\nexport const hidden = new Shared()\n`,
  }

  it('is one module, of which the main entry shows what is public', async () => {
    const folder = make('lower', INTERNAL, SOURCES)
    await bundle(folder)
    expect(modules(folder)).toEqual(['index.js', 'internal.js'])
    const code = `${importOf('* as face', 'lower')}${importOf('{ hidden }', 'lower/internal')}console.log(Object.keys(face), hidden instanceof face.Shared)`
    expect(run(code).stdout).toBe(`[ 'Shared' ] true\n`)
  })

  it('has parts that can be loaded alone, of which it takes the rest', async () => {
    const exports = { ...INTERNAL, './internal/part': entry('internal-part') }
    const folder = make('lower', exports, {
      'src/index.ts': `export { Shared } from './shared.ts'\n`,
      'src/internal.ts': `import { base } from './base.ts'\nexport const more = [base]\n`,
      'src/internal-part.ts': `export { Shared } from './shared.ts'\n`,
      'src/shared.ts': `import { base } from './base.ts'\nexport class Shared { base = base }\n`,
      'src/base.ts': `export const base = 'the base'\n`,
    })
    await bundle(folder)
    expect(modules(folder)).toEqual(['index.js', 'internal-part.js', 'internal.js'])
    expect(built(folder, 'internal-part.js')).not.toContain('import')
    expect(built(folder, 'internal.js')).not.toContain('the base')
    const code = `${importOf('{ Shared }', 'lower')}${importOf('* as part', 'lower/internal/part')}${importOf('{ more }', 'lower/internal')}console.log(new part.Shared() instanceof Shared, more)`
    expect(run(code).stdout).toBe(`true [ 'the base' ]\n`)
  })

  it('is loaded as that one module by its siblings', async () => {
    const lower = make('lower', INTERNAL, SOURCES)
    const plain = make('plain', { '.': entry('index') }, { 'src/index.ts': `export const plain = 1\n` })
    const upper = make(
      'upper',
      { '.': entry('index') },
      {
        'src/index.ts': `import { once } from 'node:events'
        ${importOf('{ Shared }', 'lower')}${importOf('{ hidden }', 'lower/internal')}${importOf('{ plain }', 'plain')}export const all = [once.name, hidden instanceof Shared, plain]\n`,
      },
    )
    for (const each of [lower, plain, upper]) await bundle(each)
    const imports = [...built(upper, 'index.js').matchAll(/from "(.*)"/g)].map(([, id]) => id)
    expect(new Set(imports)).toEqual(new Set(['@sennit/lower/internal', '@sennit/plain', 'node:events']))
    expect(run(`${importOf('{ all }', 'upper')}console.log(all)`).stdout).toBe(`[ 'once', true, 1 ]\n`)
  })
})
