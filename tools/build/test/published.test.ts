import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { published } from '../src/published.js'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sennit-build-'))
})

afterEach(() => rmSync(root, { recursive: true }))

function add(folder: string, references: readonly string[], manifest?: object): void {
  mkdirSync(join(root, folder), { recursive: true })
  const settings = { references: references.map((path) => ({ path })) }
  writeFileSync(join(root, folder, 'tsconfig.json'), JSON.stringify(settings))
  if (manifest) writeFileSync(join(root, folder, 'package.json'), JSON.stringify(manifest))
}

describe('published', () => {
  it('finds what a folder refers to, each once, and neither what is private nor what is no package', () => {
    add('.', ['packages/upper', 'examples/one'], { private: true })
    add('packages/upper', ['../lower'], {})
    add('packages/lower', [], {})
    add('packages/other', [], {})
    add('packages/upper/test', ['..', '../../lower'])
    add('examples/one', ['../../packages/lower'], { private: true })
    const both = [join(root, 'packages/upper'), join(root, 'packages/lower')]
    expect(published([root])).toEqual(both)
    expect(published([join(root, 'packages/upper/test')])).toEqual(both)
    expect(published([join(root, 'examples/one')])).toEqual([join(root, 'packages/lower')])
  })

  it('begins with a package itself', () => {
    add('packages/lower', [], {})
    expect(published([join(root, 'packages/lower')])).toEqual([join(root, 'packages/lower')])
  })
})
