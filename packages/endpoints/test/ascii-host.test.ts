import { describe, expect, it } from 'vitest'
import { asciiHost } from '../src/ascii-host.ts'

describe('asciiHost', () => {
  it.each([
    ['carbon', 'carbon'],
    ['Carbon.Example', 'Carbon.Example'],
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['a_b', 'a_b'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['ÉCOLE.example', 'xn--cole-9oa.example'],
    ['faß.example', 'xn--fa-hia.example'],
    ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
    ['bücher.example.', 'xn--bcher-kva.example.'],
  ])('EP-39 looks %j up as %j', (host, ascii) => {
    expect(asciiHost(host)).toBe(ascii)
  })

  it.each([
    '',
    ' ',
    'a b',
    'a\0b',
    'a\nb',
    'a\x7f',
    'ü\u2025.example',
    'ü/a',
    'ü:80',
    'ü@b',
    '[ü]',
    'ü\u3000b',
    'ü?',
    'ü#',
  ])('EP-39 takes %j for no name', (host) => {
    expect(asciiHost(host)).toBeUndefined()
  })
})
