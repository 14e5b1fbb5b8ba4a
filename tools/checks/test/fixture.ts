/**
 * A small workspace in a temporary folder: the real configuration of the root around four strands of a few lines, so
 * that a test can plant a fault in it and run a script of the root manifest.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import { readJson, type Manifest } from '../src/workspace.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const CHECKS = 'tools/checks'
const BUILDER = 'tools/build/build.js'
const NOT_COPIED = ['.git', '.reports', '.turbo', 'node_modules', 'packages', 'tools']

interface Strand {
  readonly uses: readonly string[]
  readonly develops?: readonly string[]
  readonly files: Readonly<Record<string, string>>
}

const TEST = `import { expect, it } from 'vitest'\nimport { one } from '../src/index.ts'\n\n`
const CASE = `it('is one', () => {\n  expect(one).toBe(1)\n})\n`

const STRANDS: Readonly<Record<string, Strand>> = {
  interfaces: { uses: [], files: { 'src/index.ts': `export type One = 1\n` } },
  runtime: {
    uses: ['interfaces'],
    files: {
      'src/index.ts': `import type { One } from '@sennit/interfaces'\n\nexport const one: One = 1\n`,
      'test/index.test.ts': TEST + CASE,
    },
  },
  backoff: {
    uses: ['runtime'],
    files: {
      'src/index.ts': `export { one } from '@sennit/runtime'\n`,
      'test/index.test.ts': TEST + CASE,
    },
  },
  service: {
    uses: ['runtime'],
    develops: ['backoff'],
    files: {
      'src/index.ts': `export { one } from '@sennit/runtime'\n`,
      'test/index.test.ts': `${TEST.trimEnd()}\nimport { one as other } from '@sennit/backoff'\n\n${CASE.replace('1', 'other')}`,
    },
  },
}

/** What a script printed, and whether it was content. */
export interface Outcome {
  readonly ok: boolean
  readonly output: string
}

/** A workspace that is gone when the test is. */
export class Fixture {
  readonly root = mkdtempSync(join(tmpdir(), 'sennit-checks-'))

  constructor() {
    onTestFinished(() => rmSync(this.root, { recursive: true, force: true }))
    for (const name of readdirSync(ROOT)) {
      if (!NOT_COPIED.includes(name)) cpSync(join(ROOT, name), join(this.root, name), { recursive: true })
    }
    this.write('pnpm-workspace.yaml', workspaceFile())
    this.link('node_modules', join(ROOT, 'node_modules'))
    this.link(`${CHECKS}/src`, join(ROOT, CHECKS, 'src'))
    this.link(BUILDER, join(ROOT, BUILDER))
    const rows = Object.entries(readJson<object>(ROOT, `${CHECKS}/layers.json`))
    this.write(`${CHECKS}/layers.json`, json(Object.fromEntries(rows.filter(([name]) => name in STRANDS))))
    const names = Object.keys(STRANDS)
    this.write(
      'tsconfig.json',
      json({ files: [], references: names.map((name) => path(`packages/${name}`)) }),
    )
    this.write(
      'tsconfig.types.json',
      json({ files: [], references: names.map((name) => path(`packages/${name}/test`)) }),
    )
    for (const [name, strand] of Object.entries(STRANDS)) this.add(name, strand)
  }

  /** Writes a file, by its path from the root. */
  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true })
    writeFileSync(join(this.root, file), text)
  }

  /** Replaces a part of a file, which has to be there. */
  replace(file: string, part: string, by: string): void {
    const text = readFileSync(join(this.root, file), 'utf8')
    if (!text.includes(part)) throw new Error(`Cannot find '${part}' in ${file}`)
    this.write(file, text.replace(part, by))
  }

  /** Declares a sibling in a manifest, installs it, and refers to it. */
  depend(from: string, to: string, field: 'dependencies' | 'devDependencies' = 'dependencies'): void {
    const folder = `packages/${from}`
    this.replace(`${folder}/package.json`, `"${field}": {`, `"${field}": { "@sennit/${to}": "workspace:^",`)
    this.link(`${folder}/node_modules/@sennit/${to}`, join(this.root, 'packages', to))
    const test = `${folder}/test/tsconfig.json`
    this.replace(test, '"references": [', `"references": [{ "path": "../../${to}" },`)
    if (field === 'dependencies') {
      this.replace(`${folder}/tsconfig.json`, '"references": [', `"references": [{ "path": "../${to}" },`)
    }
  }

  /** Runs a script of the root manifest. */
  run(script: string): Outcome {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--run', script], {
      cwd: this.root,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    })
    return { ok: status === 0, output: stdout + stderr }
  }

  private add(name: string, { uses, develops = [], files }: Strand): void {
    const folder = `packages/${name}`
    const entry = { '@sennit/source': './src/index.ts', default: './dist/index.js' }
    this.write(
      `${folder}/package.json`,
      json({
        name: `@sennit/${name}`,
        version: '1.0.0',
        type: 'module',
        exports: { '.': { ...entry, types: './dist/index.d.ts' }, './package.json': './package.json' },
        scripts: { test: 'vitest run' },
        dependencies: siblings(uses),
        devDependencies: { ...siblings(develops), vitest: 'catalog:' },
      }),
    )
    for (const other of [...uses, ...develops]) {
      this.link(`${folder}/node_modules/@sennit/${other}`, join(this.root, 'packages', other))
    }
    for (const tool of ['vitest', '@types/node']) {
      this.link(`${folder}/node_modules/${tool}`, join(ROOT, CHECKS, 'node_modules', tool))
    }
    this.write(
      `${folder}/tsconfig.json`,
      json({
        extends: '../../tsconfig.base.json',
        compilerOptions: {
          rootDir: 'src',
          outDir: 'dist',
          tsBuildInfoFile: 'dist/.tsbuildinfo',
          emitDeclarationOnly: true,
        },
        include: ['src'],
        references: uses.map((other) => path(`../${other}`)),
      }),
    )
    this.write(
      `${folder}/test/tsconfig.json`,
      json({
        extends: '../../../tsconfig.test.json',
        include: ['.', '../vitest.config.ts'],
        references: [path('..'), ...[...uses, ...develops].map((other) => path(`../../${other}`))],
      }),
    )
    this.write(
      `${folder}/vitest.config.ts`,
      `import { suite } from '../../vitest.config.ts'\n\nexport default suite('${name}')\n`,
    )
    for (const [file, text] of Object.entries(files)) this.write(`${folder}/${file}`, text)
  }

  private link(file: string, target: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true })
    symlinkSync(target, join(this.root, file))
  }
}

/** The folders of the real file, and a catalog of what the root manifest takes from it: the strands here take no more. */
function workspaceFile(): string {
  const [folders] = readFileSync(join(ROOT, 'pnpm-workspace.yaml'), 'utf8').split('\n\n')
  const { devDependencies, optionalDependencies } = readJson<Manifest>(ROOT, 'package.json')
  const names = Object.keys({ ...devDependencies, ...optionalDependencies })
  return `${folders}\n\ncatalog:\n${names.map((name) => `  '${name}': 1.0.0\n`).join('')}`
}

function siblings(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`@sennit/${name}`, 'workspace:^']))
}

function path(to: string): { path: string } {
  return { path: to }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
