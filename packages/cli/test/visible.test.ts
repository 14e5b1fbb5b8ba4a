import { describe, expect, it } from 'vitest'
import { visible, visibleJson, visibleLines } from '../src/visible.ts'

describe('visible', () => {
  it.each([
    ['plain text', 'a b é 漢字 👍🏽 ~', 'a b é 漢字 👍🏽 ~'],
    ['an escape sequence', '\u001b[2Ja', '\\x1b[2Ja'],
    ['ends of lines', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
    ['C1, which is another way to begin an escape sequence', 'a\u009b2J', 'a\\x9b2J'],
    ['DEL and NUL', '\u007f\u0000', '\\x7f\\x00'],
    ['what turns the direction', '\u202eexe.txt\u2066', '\\u202eexe.txt\\u2066'],
    ['what cannot be seen', 'a\u200bb\ufeffc\u00add', 'a\\u200bb\\ufeffc\\xadd'],
    ['other ends of lines', 'a\u2028b\u0085c', 'a\\u2028b\\x85c'],
    ['halves of characters', 'a\ud83d b\udc4d', 'a\\ud83d b\\udc4d'],
    ['tags', 'a\u{e0041}', 'a\\udb40\\udc41'],
  ])('shows %s', (_what, text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  it('leaves ends of lines to text of several lines', () => {
    expect(visibleLines('a\nb\u001b[2J\r')).toBe('a\nb\\x1b[2J\\r')
  })

  it('makes JSON that means the same', () => {
    const value = { '\u009b': ['\u202e', '\u001b', '\u{e0041}', '漢', '\u007f'] }
    const json = visibleJson(JSON.stringify(value))
    expect(json).toMatch(/^[\u0020-\u007e漢]*$/)
    expect(JSON.parse(json)).toEqual(value)
  })
})
