import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findPackages } from '../src/packages.ts'
import { workspace } from './support/workspace.ts'

const manifest = (exports: object, rest: object = {}) =>
  JSON.stringify({ name: '@sennit/one', exports, ...rest })
const at = (source: string) => ({ '@sennit/source': source, default: './dist/x.js' })

it('finds what users can import, and not what siblings can', () => {
  const root = workspace({
    'packages/one/package.json': manifest({
      '.': at('./src/index.ts'),
      './*': at('./src/*.ts'),
      './internal': at('./src/internal.ts'),
      './internal/part': at('./src/internal-part.ts'),
      './package.json': './package.json',
    }),
    'packages/one/src/index.ts': '',
    'packages/one/src/time.ts': '',
    'packages/two/package.json': manifest({ '.': at('./src/index.ts') }, { private: true }),
  })
  expect(findPackages(root)).toEqual([
    {
      name: '@sennit/one',
      folder: 'packages/one',
      entryPoints: [
        { specifier: '@sennit/one', source: 'packages/one/src/index.ts' },
        { specifier: '@sennit/one/time', source: 'packages/one/src/time.ts' },
      ],
    },
  ])
})

it.each([
  ['has no source', { '.': { default: './dist/index.js' } }],
  ['is not there', { '.': at('./src/gone.ts') }],
])('does not take an export that %s', (_what, exports) => {
  const root = workspace({ 'packages/one/package.json': manifest(exports) })
  expect(() => findPackages(root)).toThrow('Cannot find')
})

it('finds all packages of this workspace, with the roles of the interfaces', () => {
  const packages = findPackages(join(import.meta.dirname, '../../..'))
  expect(packages.length).toBeGreaterThanOrEqual(17)
  const interfaces = packages.find(({ name }) => name === '@sennit/interfaces')
  expect(interfaces?.entryPoints.length).toBeGreaterThan(20)
})
