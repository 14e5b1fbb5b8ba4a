import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nearestManifest } from '../src/plugin-manifest.ts'
import { folderWith } from './support/folder.ts'

const folder = folderWith({
  'package.json': { sennit: { plugins: ['./a.js', 'b/sennit'] } },
  'inner/deep/x.js': '',
  'none/package.json': {},
  'null/package.json': 'null',
  'broken/package.json': '{',
  'text/package.json': { sennit: { plugins: './a.js' } },
  'numbers/package.json': { sennit: { plugins: [5] } },
  'empty/package.json': { sennit: { plugins: [''] } },
  'odd/package.json': { sennit: 5 },
})

describe('nearestManifest', () => {
  it('finds the list in the folder, and in one below', () => {
    const found = { file: join(folder, 'package.json'), plugins: ['./a.js', 'b/sennit'], fault: undefined }
    expect(nearestManifest(folder)).toEqual(found)
    expect(nearestManifest(join(folder, 'inner/deep'))).toEqual(found)
  })

  it.each(['none', 'null', 'odd'])(
    'goes no further than the nearest one, which may list nothing: %s',
    (name) => {
      expect(nearestManifest(join(folder, name))).toMatchObject({ plugins: [], fault: undefined })
    },
  )

  it.each(['text', 'numbers', 'empty'])('says what a list must be: %s', (name) => {
    expect(nearestManifest(join(folder, name))).toMatchObject({
      plugins: [],
      fault: "'sennit.plugins' must be a list of modules",
    })
  })

  it('says that a manifest cannot be read', () => {
    expect(nearestManifest(join(folder, 'broken'))?.fault).toMatch(/JSON/)
  })

  it('finds none where there is none', () => {
    expect(nearestManifest('/')).toBeUndefined()
  })
})
