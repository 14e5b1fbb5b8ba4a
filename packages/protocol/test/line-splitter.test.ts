import { describe, expect, it } from 'vitest'
import { LineSplitter } from '../src/line-splitter.ts'

/** What the splitter yields for these chunks, how it ended, and what was left. */
function split(maxLength: number, chunks: readonly string[]) {
  const splitter = new LineSplitter(maxLength)
  const blocks: string[] = []
  for (const chunk of chunks) {
    const block = splitter.push(Buffer.from(chunk))
    if (block !== undefined) blocks.push(block.toString())
    if (splitter.error !== undefined) return { blocks, error: splitter.error.code }
  }
  const rest = splitter.end().toString()
  return splitter.error === undefined ? { blocks, rest } : { blocks, error: splitter.error.code }
}

const TOO_LONG = 'ERR_SENNIT_LINE_LENGTH'

describe('LineSplitter', () => {
  it.each([
    [['a\nb\nc'], ['a\nb\n'], 'c'],
    [['a', 'b\nc', '\n'], ['ab\n', 'c\n'], ''],
    [['a\n'], ['a\n'], ''],
    [['', '\n', ''], ['\n'], ''],
    [[], [], ''],
    [['abc'], [], 'abc'],
  ])('makes of %j whole lines', (chunks, blocks, rest) => {
    expect(split(100, chunks)).toEqual({ blocks, rest })
  })

  it.each([
    ['a line of the limit', ['1234\n1234\n'], ['1234\n1234\n'], ''],
    ['one with a carriage return', ['1234\r\n1234\r\n'], ['1234\r\n1234\r\n'], ''],
    ['one in pieces', ['12', '34', '\n'], ['1234\n'], ''],
    ['one whose newline comes in pieces', ['1234', '\r', '\n'], ['1234\r\n'], ''],
    ['one whose carriage return comes with it', ['1234\r', '\n'], ['1234\r\n'], ''],
    ['a last line of the limit', ['1234'], [], '1234'],
    ['many short lines', ['1\n'.repeat(50)], ['1\n'.repeat(50)], ''],
    ['empty lines', ['\n'.repeat(20)], ['\n'.repeat(20)], ''],
    ['one before a newline at the last place', ['123\n\n1234\n'], ['123\n\n1234\n'], ''],
  ])('takes %s', (_, chunks, blocks, rest) => {
    expect(split(4, chunks)).toEqual({ blocks, rest })
  })

  it.each([
    ['a line over the limit', ['12345\n'], []],
    ['one after others', ['1\n22\n12345\n1\n'], ['1\n22\n']],
    ['one among many', [`${'1\n'.repeat(20)}12345\n${'1\n'.repeat(20)}`], ['1\n'.repeat(20)]],
    ['one in pieces', ['1\n12', '34', '5'], ['1\n']],
    ['one that is not finished', ['12345'], []],
    ['one that is not finished, after others', ['1\n12345'], ['1\n']],
    ['one with a carriage return', ['12345\r\n'], []],
    ['one with two carriage returns', ['1234\r\r\n'], []],
    ['one with a carriage return that ends nothing', ['1234\r', 'x'], []],
    ['one that ends with a carriage return at the end', ['1234\r'], []],
    ['one that begins in one chunk and ends in another', ['123', '45\n'], []],
  ])('refuses %s', (_, chunks, blocks) => {
    expect(split(4, chunks)).toEqual({ blocks, error: TOO_LONG })
  })

  it('counts bytes, not characters', () => {
    expect(split(4, ['éé\n'])).toEqual({ blocks: ['éé\n'], rest: '' })
    expect(split(4, ['ééé\n'])).toEqual({ blocks: [], error: TOO_LONG })
  })

  it('agrees with a plain search, whatever the limit and however it is cut', () => {
    const text = 'a\n\nbbb\r\ncccc\r\r\ndd\rd\n\r\neeeee\nf'
    for (let max = 1; max <= 6; max++) {
      for (let size = 1; size <= text.length; size++) {
        const chunks = text.match(new RegExp(`[^]{1,${size}}`, 'g'))!
        const whole = text.split('\n')
        const last = whole.pop()!
        const bad = whole.findIndex((line) => line.replace(/\r$/, '').length > max)
        const expected = (bad === -1 ? whole : whole.slice(0, bad)).map((line) => `${line}\n`).join('')
        const result = split(max, chunks)
        expect(result.blocks.join(''), `${max} ${size}`).toBe(expected)
        expect(result, `${max} ${size}`).toMatchObject(bad === -1 ? { rest: last } : { error: TOO_LONG })
      }
    }
  })

  it('puts many pieces together', () => {
    const pieces = Array.from({ length: 1000 }, (_, i) => String(i % 10))
    expect(split(1000, [...pieces, '\n'])).toEqual({ blocks: [`${pieces.join('')}\n`], rest: '' })
  })

  it('takes out what is not finished', () => {
    const splitter = new LineSplitter(10)
    splitter.push(Buffer.from('a\nb'))
    splitter.push(Buffer.from('c'))
    expect(splitter.take().toString()).toBe('bc')
    expect(splitter.push(Buffer.from('d\n'))?.toString()).toBe('d\n')
    expect(splitter.take().length).toBe(0)
  })
})
