import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildSite } from '../src/build-site.ts'
import { followLinks } from './support/site-links.ts'
import { workspace } from './support/workspace.ts'

const FILES = {
  'README.md':
    '# Strands\n\n[One](packages/one), [how](tools/docs/guide/README.md#first), [why](tools/docs/decisions).\n',
  'packages/one/package.json': JSON.stringify({
    name: '@strands/one',
    exports: { '.': { '@sennit/source': './src/index.ts' }, './*': { '@sennit/source': './src/*.ts' } },
  }),
  'packages/one/README.md':
    '# @strands/one\n\nThe README of one.\n\n<!-- prelude:\nconst hidden = 1\n-->\n```ts\none(hidden)\n```\n',
  'packages/one/src/index.ts':
    "/**\n * What one is.\n *\n * Where it comes from, as {@link Two} does.\n *\n * @module\n */\nexport { type Two } from './two.ts'\n\n/** Makes one; see {@link Two}. */\nexport function one(): number {\n  return 1\n}\n",
  'packages/one/src/two.ts': '/** Two of them. */\nexport interface Two {\n  readonly one: 1\n}\n',
  'tools/docs/guide/README.md':
    '# How\n\n## First\n\nSee [the package](../../../packages/one/README.md), [timers](timers.md) and [a list](list.json).\n',
  'tools/docs/guide/timers.md': '# Timers\n\n[Back](README.md), [start](../../../README.md)\n',
  'tools/docs/guide/list.json': '[]\n',
  'tools/docs/decisions/001-a.md': '# 001. A decision\n',
  'tools/site/tsconfig.reference.json': JSON.stringify({
    compilerOptions: {
      target: 'es2022',
      module: 'nodenext',
      allowImportingTsExtensions: true,
      noEmit: true,
      types: [],
    },
    include: ['../../packages/*/src'],
  }),
}

async function build(changes: Readonly<Record<string, string>> = {}): Promise<string> {
  const root = workspace({ ...FILES, ...changes })
  const site = join(root, 'site')
  await buildSite(root, site)
  return site
}

const read = (site: string, page: string) => readFileSync(join(site, page), 'utf8')

describe('a site', { timeout: 60_000 }, () => {
  it('has the READMEs, the documents and what the packages export, linked with each other', async () => {
    const site = await build()
    expect(followLinks(site).faults).toEqual([])
    for (const page of [
      'guide/index',
      'guide/timers',
      'decisions/001-a',
      'reference/one/one',
      'reference/one/two/Two',
    ])
      expect(existsSync(join(site, `${page}.html`)), page).toBe(true)

    const start = read(site, 'index.html')
    expect(start).toContain('<a href="reference/one.html">One</a>')
    expect(start).toMatch(/<a href="guide\/index.html#first"[^>]*>how<\/a>/)
    expect(start).toContain('<a href="decisions/001-a.html">why</a>')

    const one = read(site, 'reference/one.html')
    expect(one).toMatch(/The README of one[^]*Source and differences[^]*Where it comes from/)
    expect(one).not.toContain('What one is')
    expect(one).not.toContain('const hidden')
    expect(read(site, 'reference/one/one.html')).toContain('Defined in packages/one/src/index.ts:11')

    const how = read(site, 'guide/index.html')
    expect(how).toContain('<a href="../reference/one.html">the package</a>')
    expect(how).toContain('<a href="timers.html">timers</a>')
    expect(how).toMatch(/<a href="\.\.\/media\/list\.json"[^>]*>a list<\/a>/)
  })

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'a link to a file that is not there',
      { 'tools/docs/guide/timers.md': '# T\n\n[x](gone.md)\n' },
      'tools/docs/guide/timers.md:3: The relative path gone.md',
    ],
    [
      'a link to a file that is no page',
      { 'packages/one/README.md': '# T\n\n[x](src/x.md)\n', 'packages/one/src/x.md': '' },
      'x.md is linked to, but is not a page',
    ],
    [
      'a link to a name that is not there',
      { 'packages/one/src/two.ts': '/** {@link Gone} */\nexport interface Two {}\n' },
      'Gone',
    ],
    ['a fence in an unknown language', { 'README.md': '# T\n\n```xyzzy\n1\n```\n' }, 'xyzzy'],
    [
      'sources that do not compile',
      { 'packages/one/src/two.ts': 'export const two: number = "2"\nexport type Two = 1' },
      "Type 'string'",
    ],
  ])('is not built with %s', async (_what, changes, complaint) => {
    await expect(build(changes)).rejects.toThrow(complaint)
  })
})
