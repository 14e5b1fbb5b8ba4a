import type { ILog } from '@sennit/interfaces'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { formatLine, type makeLog } from '../src/log.ts'

describe('formatLine', () => {
  const time = Date.UTC(2026, 0, 2, 3, 4, 5)

  it.each([
    [{ level: 30, time, msg: 'hello' }, '03:04:05 info hello\n'],
    [
      { level: 40, time, msg: 'x', port: 80, name: 'a b', deep: { a: 1 } },
      '03:04:05 warn x port=80 name=a b deep={"a":1}\n',
    ],
    [{ level: 50, time, msg: 'x', err: 'Error: no\n    at y' }, '03:04:05 error x\nError: no\n    at y\n'],
    [{ level: 35, time }, '03:04:05 35 \n'],
  ])('writes %j', (fields, line) => {
    expect(formatLine(JSON.stringify(fields))).toBe(line)
  })

  it('is for a log that has the role of one', () => {
    expectTypeOf<ReturnType<typeof makeLog>>().toExtend<ILog>()
  })
})
