import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { resolvePlugin } from '../src/resolve-plugin.ts'
import { folderWith } from './support/folder.ts'

const folder = folderWith({
  'package.json': { name: 'project', exports: { './own': { import: './own.mjs' } } },
  'plugins.mjs': '',
  'own.mjs': '',
  'node_modules/both/package.json': { exports: { './sennit': { require: './r.cjs', import: './i.mjs' } } },
  'node_modules/both/r.cjs': '',
  'node_modules/only/package.json': {
    exports: {
      '.': { import: './main.mjs' },
      './types': { types: './x.d.ts' },
      './sennit': { types: './x.d.ts', browser: './b.mjs', import: { node: './s.mjs' } },
      './list': [{ browser: './b.mjs' }, { import: './s.mjs' }],
      './outside': { import: '../../own.mjs' },
    },
  },
  'node_modules/only/main.mjs': '',
  'node_modules/only/s.mjs': '',
  'node_modules/sugar/package.json': { exports: { import: './main.mjs' } },
  'node_modules/sugar/main.mjs': '',
  'node_modules/@scope/old/package.json': { main: './m.js' },
  'node_modules/@scope/old/m.js': '',
  'node_modules/@scope/esm/package.json': { exports: { './x/sennit': { import: './s.mjs' } } },
  'node_modules/@scope/esm/s.mjs': '',
})
const manifest = join(folder, 'package.json')
const url = (name: string): string => pathToFileURL(join(folder, name)).href

describe('resolvePlugin', () => {
  it.each([
    ['a file of the project', './plugins.mjs', 'plugins.mjs'],
    ['a package without exports', '@scope/old', 'node_modules/@scope/old/m.js'],
    ['an export for import and require', 'both/sennit', 'node_modules/both/r.cjs'],
    ['the main export for import only', 'only', 'node_modules/only/main.mjs'],
    ['a main export without a name', 'sugar', 'node_modules/sugar/main.mjs'],
    ['an export for import only, within others', 'only/sennit', 'node_modules/only/s.mjs'],
    ['an export with a list of choices', 'only/list', 'node_modules/only/s.mjs'],
    ['an export of a package with a scope', '@scope/esm/x/sennit', 'node_modules/@scope/esm/s.mjs'],
  ])('finds %s', (_what, specifier, file) => {
    expect(resolvePlugin(specifier, manifest)).toBe(url(file))
  })

  it.each([
    ['a file that is not there', './nowhere.mjs', 'MODULE_NOT_FOUND'],
    ['a package that is not there', 'nowhere/sennit', 'MODULE_NOT_FOUND'],
    ['what a package does not export', 'only/other', 'ERR_PACKAGE_PATH_NOT_EXPORTED'],
    ['what it exports for others only', 'only/types', 'ERR_PACKAGE_PATH_NOT_EXPORTED'],
    ['what lies outside of it', 'only/outside', 'ERR_PACKAGE_PATH_NOT_EXPORTED'],
  ])('does not find %s', (_what, specifier, code) => {
    expect(() => resolvePlugin(specifier, manifest)).toThrow(expect.objectContaining({ code }))
  })
})
