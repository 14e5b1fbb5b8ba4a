import { expect, it } from 'vitest'
import { textLine } from '../src/text-line.ts'

const time = Date.UTC(2026, 0, 2, 3, 4, 5, 6)

it.each([
  [{ level: 30, time, msg: 'hello' }, '2026-01-02T03:04:05.006Z info hello\n'],
  [
    { level: 40, time, msg: 'x', port: 80, name: 'a b', deep: { a: 1 }, none: '', plain: 'web' },
    '2026-01-02T03:04:05.006Z warn x port=80 name="a b" deep={"a":1} none="" plain=web\n',
  ],
  [
    { level: 50, time, msg: 'x', err: 'Error: no\n    at y' },
    '2026-01-02T03:04:05.006Z error x\n    Error: no\n        at y\n',
  ],
  [{ level: 35, time }, '2026-01-02T03:04:05.006Z 35 \n'],
  [
    { level: 30, time, msg: 'peer\n2026 error forged\u001b[2J', user: 'x\r\n y=z "q"', 'a\u009b': '\u202e' },
    String.raw`2026-01-02T03:04:05.006Z info peer\n2026 error forged\x1b[2J user="x\r\n y=z \"q\"" a\x9b=\u202e` +
      '\n',
  ],
  [
    { level: 50, time, msg: 'x', err: 'Error: \u001b]0;title\u0007\n2026 info forged' },
    String.raw`2026-01-02T03:04:05.006Z error x` +
      '\n' +
      String.raw`    Error: \x1b]0;title\x07` +
      '\n    2026 info forged\n',
  ],
])('writes %j', (fields, line) => {
  expect(textLine(JSON.stringify(fields))).toBe(line)
})
