import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installFaults } from '../src/closure.ts'
import { command } from '../src/command.ts'
import { Consumer } from '../src/consumer.ts'
import { commandFaults, loadingFaults } from '../src/loading.ts'
import { type Toolchain, tryExamples, typeFaults } from '../src/readme-examples.ts'
import { type Registry, startRegistry } from '../src/registry.ts'

const TABLE = { good: { layer: 0, uses: [] }, bad: { layer: 0, uses: [] } }
const FENCE = '```'

let folder: string
let registry: Registry

/** Publishes a package of a few files. */
async function publish(
  name: string,
  manifest: object,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const place = join(folder, 'sources', name)
  mkdirSync(join(place, 'dist'), { recursive: true })
  const all = {
    name: `@sennit/${name}`,
    version: '1.2.3',
    type: 'module',
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    ...manifest,
  }
  writeFileSync(join(place, 'package.json'), JSON.stringify(all))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(place, file), text)
  await command('npm', ['publish', '--userconfig', registry.userConfig, '--registry', registry.url], {
    cwd: place,
  })
}

async function install(name: string): Promise<Consumer> {
  const consumer = new Consumer(join(folder, 'consumers', name), registry.url, join(folder, 'cache'))
  await consumer.install(`@sennit/${name}`)
  return consumer
}

const manifest = createRequire(import.meta.url).resolve('typescript/package.json')
const TOOLS: Toolchain = {
  compilers: [{ version: 'newest', program: join(dirname(manifest), 'bin/tsc') }],
  compilerNode: process.execPath,
  nodes: [process.execPath],
  versionOf: (name) => (name === '@types/node' ? '20.19.43' : undefined),
}

describe('a package in a registry of its own', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sennit-release-test-'))
    mkdirSync(join(folder, 'registry'))
    registry = await startRegistry(join(folder, 'registry'))
    await publish(
      'good',
      { bin: { good: './good.js' } },
      {
        'dist/index.js': 'export const a = 1\n',
        'dist/index.d.ts': 'export declare const a: number\n',
        'good.js': '#!/usr/bin/env node\nconsole.log("1.2.3")\n',
        'README.md': `${FENCE}ts\nimport { a } from '@sennit/good'\nif (a !== 1) throw new Error('not one')\n${FENCE}\n`,
      },
    )
    await publish(
      'bad',
      {
        scripts: { postinstall: 'node -e 0' },
        dependencies: { '@sennit/good': '^1.0.0' },
        bin: { bad: './bad.js' },
      },
      {
        'dist/index.js':
          'setInterval(() => {}, 1000).ref(); setTimeout(() => process.exit(), 500)\nexport const a = 1\n',
        'dist/index.d.ts': 'export declare const a: Nothing\n',
        'bad.js': '#!/usr/bin/env node\nconsole.log("1.0.0")\n',
        'README.md': `${FENCE}ts\nimport { a } from '@sennit/bad'\nconst b: string = 5\n${FENCE}\n`,
      },
    )
  }, 60_000)

  afterAll(async () => {
    await registry.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is content with one that is well made', async () => {
    const consumer = await install('good')
    expect(consumer.installed()).toEqual([{ name: '@sennit/good', version: '1.2.3', hasScript: false }])
    expect(consumer.bytes()).toBeGreaterThan(100)
    expect(installFaults(TABLE, 'good', consumer.installed())).toEqual([])
    expect(await loadingFaults(consumer, '@sennit/good', process.execPath)).toEqual([])
    expect(await commandFaults(consumer, '@sennit/good', process.execPath)).toEqual([])
    expect(await typeFaults(consumer, '@sennit/good', TOOLS)).toEqual([])
    expect(await tryExamples(consumer, '@sennit/good', TOOLS)).toEqual({ tried: 1, all: 1, faults: [] })
  })

  it('finds all that is wrong with one that is not', async () => {
    const consumer = await install('bad')
    expect(installFaults(TABLE, 'bad', consumer.installed())).toEqual([
      '@sennit/bad runs a script when it is installed',
      '@sennit/good comes with it, which the table of the layers does not allow',
    ])
    expect(await loadingFaults(consumer, '@sennit/bad', process.execPath)).toEqual([
      expect.stringMatching(/^loading alone keeps the process alive: .*Timeout/) as string,
    ])
    expect(await commandFaults(consumer, '@sennit/bad', process.execPath)).toEqual([
      'bad --version prints 1.0.0, not 1.2.3',
    ])
    const types = await typeFaults(consumer, '@sennit/bad', TOOLS)
    expect(types).toEqual([expect.stringContaining("Cannot find name 'Nothing'") as string])
    const { faults } = await tryExamples(consumer, '@sennit/bad', TOOLS)
    expect(faults).toEqual([
      expect.stringContaining("Type 'number' is not assignable to type 'string'") as string,
    ])
  })

  it('finds an example that does not run', async () => {
    const consumer = await install('good')
    consumer.write(
      'node_modules/@sennit/good/README.md',
      `${FENCE}ts\nimport { a } from '@sennit/good'\nif (a === 1) throw new Error('one')\n${FENCE}\n`,
    )
    const { faults } = await tryExamples(consumer, '@sennit/good', TOOLS)
    expect(faults).toEqual([expect.stringMatching(/an example does not run: [^]*Error: one/) as string])
  })
})
