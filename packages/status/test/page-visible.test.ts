import { describe, expect, it } from 'vitest'
import { visible } from '../page/visible.js'

describe('visible', () => {
  it.each([
    ['orders', 'orders'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['\u202Egnp.exe\u202C', String.raw`\u202egnp.exe\u202c`],
    ['zero\u200Bwidth\uFEFF', String.raw`zero\u200bwidth\ufeff`],
    ['\u001B[31mred\u0000', String.raw`\u001b[31mred\u0000`],
    ['half \uD83D', String.raw`half \ud83d`],
    ['tag \u{E0041}', String.raw`tag \u{e0041}`],
  ])('writes %j as %j', (text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  it.each(['مرحبا', 'می‌خواهم', '顧客', '👩‍🚀', 'a\nb\tc'])('leaves %j as it is', (text) => {
    expect(visible(text)).toBe(text)
  })

  it.each(['', ' ', '\u00A0\n'])('puts %j, of which nothing is to be seen, in quotes', (text) => {
    expect(visible(text)).toBe(`“${text}”`)
  })
})
