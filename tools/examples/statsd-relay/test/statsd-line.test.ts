import { describe, expect, it } from 'vitest'
import { parseStatsdLine } from '../src/statsd-line.ts'

describe('parseStatsdLine', () => {
  it.each([
    ['a:1|c', { type: 'counter', name: 'a', value: 1, rate: 1 }],
    ['a:-2|c|@0.1', { type: 'counter', name: 'a', value: -2, rate: 0.1 }],
    ['a.b-c:3.5|ms', { type: 'timer', name: 'a.b-c', value: 3.5, rate: 1 }],
    ['a:3|h|@0.5', { type: 'timer', name: 'a', value: 3, rate: 0.5 }],
    ['a:7|g', { type: 'gauge', name: 'a', value: 7, relative: false }],
    ['a:+7|g', { type: 'gauge', name: 'a', value: 7, relative: true }],
    ['a:-7|g', { type: 'gauge', name: 'a', value: -7, relative: true }],
    ['a:user 1|s', { type: 'set', name: 'a', member: 'user 1' }],
    ['a:1|c|#env:test,host:b', { type: 'counter', name: 'a', value: 1, rate: 1 }],
    ['a:1e3|c', { type: 'counter', name: 'a', value: 1000, rate: 1 }],
    ['a b/c$:1|c', { type: 'counter', name: 'a_b-c', value: 1, rate: 1 }],
  ])('reads %j', (line, metric) => {
    expect(parseStatsdLine(line)).toEqual(metric)
  })

  it.each([
    '',
    'a',
    'a:',
    ':1|c',
    'a:1',
    'a:1|',
    'a:|c',
    'a:x|c',
    'a:0x10|c',
    'a:1|q',
    'a:NaN|ms',
    'a:1e999|c',
    'a:1|c|@0',
    'a:1|c|@2',
    'a:1|c|@x',
    'a:1|c|what',
    'a: 1|c',
  ])('refuses %j', (line) => {
    expect(parseStatsdLine(line)).toBeUndefined()
  })

  it('takes names that objects know for names like any other', () => {
    expect(parseStatsdLine('__proto__:1|c')).toEqual({
      type: 'counter',
      name: '__proto__',
      value: 1,
      rate: 1,
    })
  })
})
