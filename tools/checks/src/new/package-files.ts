/**
 * The files of a new package, whatever its first source is.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJson, SCOPE } from '../workspace.ts'
import { plainSource } from './plain-source.ts'
import type { NewPackage } from './plan.ts'
import { timedSource } from './timed-source.ts'

/** A first source with what goes with it. */
export interface FirstSource {
  /** The files below the package. */
  readonly files: Readonly<Record<string, string>>
  /** The exports at run time, in the order of the alphabet. */
  readonly face: readonly string[]
  /** The lines of `index.ts` that export. */
  readonly exports: string
  /** The module of the example in the README, without its imports from the package. */
  readonly example: string
  /** The rows of the table of exports. */
  readonly table: string
  /** The budget of the minified bundle. */
  readonly bytes: number
  /** What the README says of its behaviour. */
  readonly behaviour: string
}

/** @returns the text of each file, by its path from the folder of the package */
export function packageFiles(root: string, made: NewPackage): [file: string, text: string][] {
  const { short, about, dependencies } = made
  const source = dependencies.includes('runtime') ? timedSource(made) : plainSource(made)
  const face = source.face.map((each) => `    '${each}',\n`).join('')
  return [
    ['package.json', manifest(root, made, { alone: source.bytes })],
    ['tsconfig.json', project(dependencies.map((other) => `../${other}`))],
    ['test/tsconfig.json', testProject(['..', ...dependencies.map((other) => `../../${other}`)])],
    [
      'vitest.config.ts',
      `import { suite } from '../../vitest.config.ts'\n\nexport default suite('${short}')\n`,
    ],
    ['LICENSE', readFileSync(join(root, 'LICENSE'), 'utf8')],
    ['README.md', readme(made, source)],
    ['src/index.ts', `/**\n * ${about.replaceAll('*/', '')}\n *\n * @module\n */\n${source.exports}`],
    [
      'test/face.test.ts',
      `import { expect, it } from 'vitest'\nimport * as face from '../src/index.ts'\n\n` +
        `it('exports exactly its public names', () => {\n  expect(Object.keys(face).toSorted()).toEqual([\n${face}  ])\n})\n`,
    ],
    ...Object.entries(source.files),
  ]
}

function manifest(
  root: string,
  { name, folder, about, dependencies }: NewPackage,
  sizeBudget: object,
): string {
  const { license, repository, engines } = readJson<Record<string, string | object>>(root, 'package.json')
  const url = `git+https://github.com/${String(repository).replace('github:', '')}.git`
  return json({
    name,
    // The first changeset makes it 0.1.0.
    version: '0.0.0',
    description: about,
    keywords: ['sennit', 'service', 'twisted'],
    license,
    repository: { type: 'git', url, directory: folder },
    files: ['dist', 'src', '!dist/.tsbuildinfo'],
    type: 'module',
    sideEffects: false,
    exports: {
      '.': { '@sennit/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    publishConfig: { access: 'public', provenance: true },
    scripts: { build: 'node ../../tools/build/build.js', test: 'vitest run', types: 'tsc -b test' },
    ...(dependencies.length > 0 && {
      dependencies: Object.fromEntries(dependencies.map((other) => [SCOPE + other, 'workspace:^'])),
    }),
    devDependencies: { '@types/node': 'catalog:', typescript: 'catalog:', vitest: 'catalog:' },
    engines,
    sizeBudget,
  })
}

function project(references: readonly string[]): string {
  return json({
    extends: '../../tsconfig.base.json',
    compilerOptions: {
      rootDir: 'src',
      outDir: 'dist',
      tsBuildInfoFile: 'dist/.tsbuildinfo',
      emitDeclarationOnly: true,
    },
    include: ['src'],
    references: references.map((path) => ({ path })),
  })
}

function testProject(references: readonly string[]): string {
  return json({
    extends: '../../../tsconfig.test.json',
    include: ['.', '../vitest.config.ts'],
    references: references.map((path) => ({ path })),
  })
}

function readme({ name, about }: NewPackage, { example, table, behaviour }: FirstSource): string {
  return `# ${name}

${about}

\`\`\`sh
npm install ${name}
\`\`\`

\`\`\`ts
${example}\`\`\`

## When to use it
Say for what, and for what not.

## Exports

| name | what it is |
|---|---|
${table}
## Behaviour
${behaviour}
## From Twisted
Name what it comes from, and what differs; or say that it is new.

## Requirements
Node 20.19 or newer; types for TypeScript 5.2 or newer. No dependencies outside Sennit.

## Licence
MIT
`
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
