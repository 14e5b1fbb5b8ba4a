import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { apiFaults, apiReport } from '../src/api-report.ts'
import { packAll, tarballIn } from '../src/packing.ts'
import { publintFaults, typesFaults } from '../src/packaging.ts'
import { sideEffectsOf } from '../src/side-effects.ts'
import { bundledSize } from '../src/size.ts'

const MANIFEST = {
  name: '@sennit/planted',
  version: '1.0.0',
  license: 'MIT',
  type: 'module',
  files: ['dist'],
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
}

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sennit-planted-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Writes a package; its folder. */
function plant(files: Readonly<Record<string, string>>, manifest: object = MANIFEST): string {
  for (const [name, text] of Object.entries({ 'package.json': JSON.stringify(manifest), ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

const GOOD = {
  'dist/index.js': 'export const a = 1\n',
  'dist/index.d.ts': 'export declare const a: number\n',
}

describe('what is packed', { timeout: 30_000 }, () => {
  /** Packs a package as one of a workspace. */
  async function packed(
    files: Readonly<Record<string, string>>,
    manifest: object = MANIFEST,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const below = Object.entries({ 'package.json': JSON.stringify(manifest), ...files })
    plant({
      'package.json': '{ "name": "workspace", "private": true }',
      'pnpm-workspace.yaml': 'packages: [packages/*]\n',
      ...Object.fromEntries(below.map(([name, text]) => [`packages/planted/${name}`, text])),
    })
    await packAll(folder, folder)
    return tarballIn(folder, MANIFEST)
  }

  it('has no fault when it is well made', async () => {
    const tarball = await packed(GOOD)
    expect(await publintFaults('x', tarball)).toEqual([])
    expect(await typesFaults('x', tarball)).toEqual([])
  })

  it('is refused when an export is not in it', async () => {
    const exports = { ...MANIFEST.exports, './more': './dist/more.js' }
    const tarball = await packed(GOOD, { ...MANIFEST, exports })
    expect((await publintFaults('x', tarball)).map(({ wrong }) => wrong)).toEqual([
      expect.stringContaining('./dist/more.js') as string,
    ])
  })

  it('is refused when the types are of another kind of module', async () => {
    const exports = { '.': { types: './dist/index.d.cts', default: './dist/index.js' } }
    const files = { 'dist/index.js': GOOD['dist/index.js'], 'dist/index.d.cts': GOOD['dist/index.d.ts'] }
    const tarball = await packed(files, { ...MANIFEST, exports })
    expect((await typesFaults('x', tarball)).map(({ wrong }) => wrong)).toContain(
      'the types are wrong: FalseCJS',
    )
  })

  it('is refused without types', async () => {
    const tarball = await packed({ 'dist/index.js': '' }, { ...MANIFEST, exports: './dist/index.js' })
    expect((await typesFaults('x', tarball)).map(({ wrong }) => wrong)).toEqual(['it has no types'])
  })
})

describe('sideEffectsOf', { timeout: 30_000 }, () => {
  const effects = (code: string): Promise<string[]> =>
    sideEffectsOf(join(plant({ 'module.mjs': code }), 'module.mjs'))

  it('finds none in a module that only defines, although it loads others of Node', async () => {
    const code = `import { createServer } from 'node:http'
      import { inspect } from 'node:util'
      const slot = Symbol.for('planted')
      export class Server { [slot] = createServer; text = inspect }`
    expect(await effects(code)).toEqual([])
  })

  it.each([
    ['a global', 'globalThis.planted = 1', 'globals: planted'],
    ['a prototype', 'Array.prototype.planted = () => {}', 'Array.prototype: planted'],
    ['a method of another', 'Promise.prototype.finally = () => {}', 'Promise.prototype: finally'],
    ['a listener', `process.on('exit', () => {})`, 'listeners: exit'],
    ['the environment', `process.env.PLANTED = '1'`, 'environment: PLANTED'],
    ['a timer', 'setTimeout(() => {}, 1000)', 'resources: Timeout'],
    ['the directory', `process.chdir('/')`, 'directory: '],
    ['output', `console.log('hello')`, 'output'],
  ])('finds %s', async (_what, code, found) => {
    expect(await effects(code)).toEqual([expect.stringContaining(found) as string])
  })
})

describe('bundledSize', { timeout: 30_000 }, () => {
  it('measures a module without its dependencies, or with them, minified', async () => {
    plant({
      'other.js': `export const text = ${JSON.stringify('x'.repeat(1000))}\n`,
      'node_modules/other/package.json': JSON.stringify({
        name: 'other',
        type: 'module',
        exports: './index.js',
      }),
      'node_modules/other/index.js': `export const long = ${JSON.stringify('y'.repeat(5000))}\n`,
      'index.js': `/* ${'a comment '.repeat(1000)} */\nexport * from './other.js'\nexport * from 'other'\n`,
    })
    const alone = await bundledSize(join(folder, 'index.js'))
    expect(alone).toBeGreaterThan(1000)
    expect(alone).toBeLessThan(1200)
    const together = await bundledSize(join(folder, 'index.js'), true)
    expect(together).toBeGreaterThan(6000)
    expect(together).toBeLessThan(6200)
  })
})

describe('apiReport', { timeout: 30_000 }, () => {
  const candidate = () => ({ folder, name: 'planted', manifest: MANIFEST })

  beforeEach(() => {
    plant(GOOD)
    mkdirSync(join(folder, 'node_modules/@types'), { recursive: true })
    symlinkSync(
      join(import.meta.dirname, '../node_modules/@types/node'),
      join(folder, 'node_modules/@types/node'),
    )
  })

  it('tells what is exported', () => {
    expect(apiReport({ folder })).toContain('export const a: number;')
  })

  it('is compared with what is committed', () => {
    const report = apiReport({ folder })
    expect(apiFaults(candidate(), report)[0]).toMatchObject({
      file: 'packages/planted/api.md',
      wrong: 'it is missing',
    })
    writeFileSync(join(folder, 'api.md'), report)
    expect(apiFaults(candidate(), report)).toEqual([])
    writeFileSync(join(folder, 'dist/index.d.ts'), 'export declare const a: string\n')
    expect(apiFaults(candidate(), apiReport({ folder }))[0]!.wrong).toMatch(
      /line \d+ would be 'export const a: string;'/,
    )
    expect(apiFaults(candidate(), report.slice(0, -4))[0]!.wrong).toMatch(/another one/)
  })
})
