import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importModule } from '../src/import-module.ts'
import { folderWith } from './support/folder.ts'

const folder = folderWith({
  'named.mjs': 'export const application = 1; export default 2; export const options = 3',
  'bag.cjs': 'module.exports = Object.assign({}, { application: 1, options: 3 })',
  'compiled.cjs':
    "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 2; exports.options = 3",
  'throws.mjs': '\n\nthrow new Error("no database")',
  'syntax.mjs': '\nexport const = 5',
  'missing.mjs': 'import "./nowhere.mjs"',
  'data.txt': 'x',
})

describe('importModule', () => {
  it.each([
    ['names', 'named.mjs', { application: 1, default: 2, options: 3 }],
    ['what CommonJS exports by an expression', 'bag.cjs', { application: 1, options: 3 }],
    ['what a compiler has made of a default', 'compiled.cjs', { default: 2, options: 3 }],
  ])('yields %s', async (_what, file, exports) => {
    expect(await importModule(join(folder, file))).toMatchObject(exports)
  })

  it.each([
    ['throws', 'throws.mjs', /no database \(.*throws\.mjs:3\)$/],
    ['is not JavaScript', 'syntax.mjs', /syntax\.mjs/],
    ['imports what is not there', 'missing.mjs', /nowhere\.mjs/],
    ['is not there', 'nowhere.mjs', /nowhere\.mjs: there is no such file$/],
    ['is a folder', '.', /it is no file$/],
  ])('refuses a file that %s', async (_what, file, message) => {
    const path = join(folder, file)
    await expect(importModule(path)).rejects.toMatchObject({ code: 'ERR_SENNIT_MODULE', file: path })
    await expect(importModule(path)).rejects.toThrow(message)
  })
})
