import { describe, expect, it } from 'vitest'
import { anchorsIn, brokenLinks, linksIn, type Repository } from '../src/links.ts'

/** A repository of a few texts. */
function repository(files: Readonly<Record<string, string>>): Repository {
  return {
    read: (path) => files[path],
    hasFolder: (path) => Object.keys(files).some((file) => file.startsWith(`${path}/`)),
  }
}

const docs = {
  'README.md': '# Root\n\n## How it works\n',
  'docs/page.md': '# Page\n',
  'docs/code.ts': 'one\ntwo\n',
  'docs/pictures/a.svg': '<svg/>',
  'package/README.md': '# Package\n\n### systemd\n',
}

/** What is wrong with one link in `docs/from.md`. */
function check(markdown: string): string[] {
  return brokenLinks('docs/from.md', repository({ ...docs, 'docs/from.md': markdown }))
}

describe('links', () => {
  it('are found in text, tables, images, definitions and HTML, not in code', () => {
    const text = [
      '[a](a.md), `[no](no.md)`',
      '',
      '| [b](b.md) |',
      '|---|',
      '| ![c](c.png) |',
      '',
      '<img alt="" src="d.png">',
      '',
      '[e]: e.md',
      '',
      '```md',
      '[no](no.md)',
      '```',
    ].join('\n')
    expect(linksIn(text).map(({ target, line }) => `${line} ${target}`)).toEqual([
      '1 a.md',
      '3 b.md',
      '5 c.png',
      '7 d.png',
      '9 e.md',
    ])
  })

  it('have anchors as GitHub makes them', () => {
    const text =
      '# `run`, and *stop*\n## Twice\n## Twice\n\nUnderlined\n---\n\n<a id="own"></a>\n\n```sh\n# no heading\n```\n'
    expect([...anchorsIn(text)]).toEqual(['run-and-stop', 'twice', 'twice-1', 'underlined', 'own'])
  })

  it.each([
    ['page.md'],
    ['page.md#page'],
    ['#here'],
    ['../README.md#how-it-works'],
    ['../package'],
    ['../package/'],
    ['../package#systemd'],
    ['pictures/a.svg'],
    ['pictures'],
    ['code.ts#L2'],
    ['https://nodejs.org/api/'],
    ['http://127.0.0.1:8127/'],
    ['mailto:somebody@example.org'],
  ])('that lead somewhere are let pass: %s', (target) => {
    expect(check(`# Here\n\n[x](${target})`)).toEqual([])
  })

  it.each([
    ['missing.md', 'there is no docs/missing.md'],
    ['../missing', 'there is no missing'],
    ['page.md#nothing', 'docs/page.md has no such heading'],
    ['#nothing', 'docs/from.md has no such heading'],
    ['../package#nothing', 'package/README.md has no such heading'],
    ['pictures#nothing', 'there is no docs/pictures/README.md'],
    ['pictures/a.svg#nothing', 'docs/pictures/a.svg has no headings'],
    ['code.ts#L9', 'docs/code.ts is shorter'],
    ['../../elsewhere.md', 'leads out of the repository'],
    ['/docs/page.md', 'begins at a root'],
    ['https://', 'is no address'],
    ['https://nodejs/', 'names no host'],
    ['file:///etc/hosts', 'has the scheme file:'],
  ])('that are broken are named: %s', (target, reason) => {
    expect(check(`# Here\n\n[x](${target})`)).toEqual([`docs/from.md:3: ${target}: ${reason}`])
  })
})
