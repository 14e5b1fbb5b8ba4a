import { expect, it } from 'vitest'
import { belowTitle, findDocuments, titleOf, withoutComments } from '../src/documents.ts'
import { workspace } from './support/workspace.ts'

const documents = (files: readonly string[]) =>
  findDocuments(workspace(Object.fromEntries(files.map((file) => [file, `# The page ${file}\n`]))))

it('finds every Markdown file once, in the order of the navigation, an index first', () => {
  const found = documents([
    'CONTRIBUTING.md',
    'README.md',
    'packages/one/README.md',
    'tools/docs/architecture.md',
    'tools/docs/decisions/002-b.md',
    'tools/docs/decisions/001-a.md',
    'tools/docs/guide/timers.md',
    'tools/docs/guide/README.md',
    'tools/docs/guide/a/deep.md',
    'tools/docs/node_modules/x/README.md',
    'tools/examples/chat/README.md',
    'tools/lists/list.md',
    'tools/lists/README.md',
  ])
  expect(found.map(({ section, file, path }) => [section, file, path])).toEqual([
    ['Guide', 'tools/docs/guide/README.md', 'guide/index'],
    ['Guide', 'tools/docs/guide/a/deep.md', 'guide/a/deep'],
    ['Guide', 'tools/docs/guide/timers.md', 'guide/timers'],
    ['Examples', 'tools/examples/chat/README.md', 'examples/chat'],
    ['Decisions', 'tools/docs/decisions/001-a.md', 'decisions/001-a'],
    ['Decisions', 'tools/docs/decisions/002-b.md', 'decisions/002-b'],
    ['Design', 'tools/docs/architecture.md', 'design/architecture'],
    ['Work on Sennit', 'CONTRIBUTING.md', 'work/CONTRIBUTING'],
    ['Work on Sennit', 'tools/lists/README.md', 'work/lists'],
    ['Work on Sennit', 'tools/lists/list.md', 'work/lists/list'],
  ])
})

it('takes the order of the guide from the links of the index, then from the names', () => {
  const names = ['a', 'b', 'c', 'd'].map((name) => `tools/docs/guide/${name}.md`)
  const root = workspace({
    ...Object.fromEntries(names.map((file) => [file, ''])),
    'tools/docs/README.md': '1. [D](guide/d.md#x)\n2. [B](guide/b.md)\n',
  })
  const guide = findDocuments(root).filter(({ section }) => section === 'Guide')
  expect(guide.map(({ path }) => path)).toEqual(['d', 'b', 'a', 'c'].map((name) => `guide/${name}`))
})

it('never gives two files one place', () => {
  expect(() => documents(['tools/docs/guide/a.md', 'tools/docs/guide/a/README.md'])).toThrow('guide/a')
})

it.each([
  ['# Timers\n\ntext', 'Timers'],
  ['<!-- x -->\n# `run` and [the rest](x.md)\n', 'run and the rest'],
  ['no heading', undefined],
])('takes the title of %j from its first heading', (text, title) => {
  expect(titleOf(text)).toBe(title)
})

it('takes the heading off what stands below a heading of its own', () => {
  expect(belowTitle('# One\n\ntext\n# Two\n')).toBe('\ntext\n# Two\n')
  expect(belowTitle('text\n# Two\n')).toBe('text\n# Two\n')
})

it('takes comments out, but leaves those in fences', () => {
  const fence = '```html\n<!-- kept -->\n```\n'
  expect(withoutComments(`a\n<!-- prelude:\nconst b = 1\n-->\n${fence}c <!-- d --> e\n`)).toBe(
    `a\n${fence}c  e\n`,
  )
  expect(withoutComments('<!-- prelude:\nconst text = `\n```\n`\n-->\nb\n')).toBe('b\n')
})
