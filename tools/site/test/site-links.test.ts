import { expect, it } from 'vitest'
import { followLinks } from './support/site-links.ts'
import { workspace } from './support/workspace.ts'

const page = (body: string) =>
  `<!doctype html><html><head></head><body><h1 id="top">A page</h1>${body}</body></html>`

it('is content with links that lead somewhere', () => {
  const site = workspace({
    'index.html': page(
      '<a href="a/b.html#top"></a><a href="#top"></a><a href="a/"></a><a href="https://x.example/gone"></a><img src="i.png">',
    ),
    'a/b.html': page('<a href="../index.html"></a><a href="../i.png"></a><a href="index.html?x#%74op"></a>'),
    'a/index.html': page('<svg><use href="../i.svg#one"></use></svg>'),
    'i.png': '',
    'i.svg': '<svg><g id="one"></g></svg>',
  })
  expect(followLinks(site)).toEqual({ pages: 3, links: 8, faults: [] })
})

it.each([
  ['a page that is not there', '<a href="b.html"></a>', 'b.html leads nowhere'],
  ['a folder without a beginning', '<a href="a"></a>', 'a leads nowhere'],
  ['a place that is not there', '<a href="index.html#gone"></a>', 'index.html#gone has no such place'],
  ['a place within itself', '<a href="#gone"></a>', '#gone has no such place'],
  ['a picture that is not there', '<img src="gone.png">', 'gone.png leads nowhere'],
  [
    'a script of somebody else',
    '<script src="//x.example/a.js"></script>',
    '//x.example/a.js is fetched from elsewhere',
  ],
  [
    'a font of somebody else',
    '<link rel="stylesheet" href="https://x.example/a.css">',
    'https://x.example/a.css is fetched from elsewhere',
  ],
])('finds %s', (_what, body, fault) => {
  const site = workspace({ 'index.html': page(body), 'a/x.html': page('') })
  expect(followLinks(site).faults).toEqual([`index.html: ${fault}`])
})
