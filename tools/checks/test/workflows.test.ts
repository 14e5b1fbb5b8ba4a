import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workflowFaults } from '../src/workflows.ts'

const folder = join(import.meta.dirname, '../../../.github/workflows')
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')

describe('workflowFaults', () => {
  it.each(readdirSync(folder))('finds none in %s', (name) => {
    expect(workflowFaults(name, read(name))).toEqual([])
  })

  it.each<[string, string, string | RegExp, string, string]>([
    [
      'an action that is pinned by a tag',
      'ci.yml',
      /checkout@[0-9a-f]+/g,
      'checkout@v7',
      'can be replaced by others',
    ],
    ['a hash without a version', 'ci.yml', / # v7\.0\.1/g, '', 'has no version that people can read'],
    [
      'permissions by default',
      'ci.yml',
      'permissions: {}',
      'permissions: { contents: read }',
      'more than nothing',
    ],
    ['no permissions', 'ci.yml', /\n {4}permissions:\n {6}contents: read/, '', 'does not say what it may do'],
    [
      'credentials that stay',
      'ci.yml',
      'persist-credentials: false',
      'persist-credentials: true',
      'leaves its credentials',
    ],
    ['no end', 'ci.yml', 'timeout-minutes: 90', 'name: endless', 'may take six hours'],
    [
      'an identity where none is needed',
      'ci.yml',
      'contents: read',
      'id-token: write',
      'may publish as this project',
    ],
    ['none where it is', 'release.yml', 'id-token: write', 'actions: read', 'may not prove who it is'],
    [
      'a secret',
      'release.yml',
      'environment: npm',
      'env: { TOKEN: "${{ secrets.NPM }}" }',
      'it uses a secret',
    ],
  ])('finds %s', (_what, name, old, planted, wrong) => {
    const text = read(name).replace(old, planted)
    expect(text).not.toBe(read(name))
    expect(workflowFaults(name, text).map((fault) => fault.wrong)).toContainEqual(
      expect.stringContaining(wrong),
    )
  })
})
