import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { LineCutter, type LineReceiverOptions } from '../src/line-cutter.ts'
import { ReceiveBuffer } from '../src/receive-buffer.ts'

function cutAll(cutter: LineCutter): string[] {
  const lines: string[] = []
  for (let line = cutter.cut(); line !== undefined; line = cutter.cut()) lines.push(line.toString())
  return lines
}

function fed(options: LineReceiverOptions, ...chunks: string[]) {
  const cutter = new LineCutter(options)
  const lines: string[] = []
  for (const chunk of chunks) {
    cutter.append(Buffer.from(chunk))
    lines.push(...cutAll(cutter))
    if (cutter.tooLong) break
  }
  return { lines, tooLong: cutter.tooLong, rest: cutter.takeAll().toString() }
}

describe('LineCutter', () => {
  it.each<[string, LineReceiverOptions, string[], string[], string]>([
    ['CRLF', {}, ['a\r\n\r\nb\nc\r\nd'], ['a', '', 'b\nc'], 'd'],
    ['LF', { delimiter: '\n' }, ['a\r\nb\n'], ['a\r', 'b'], ''],
    ['NUL as bytes', { delimiter: new Uint8Array([0]) }, ['a\0b\0'], ['a', 'b'], ''],
    ['a long one', { delimiter: '--end--' }, ['a--end--b--e', 'nd--c--en--end--'], ['a', 'b', 'c--en'], ''],
    ['one in pieces', {}, ['a', '\r', '\n', 'b\r', '\n'], ['a', 'b'], ''],
    ['one that begins twice', { delimiter: 'aab' }, ['xa', 'a', 'a', 'b', 'y'], ['xa'], 'y'],
  ])('cuts at the delimiter: %s', (_, options, chunks, lines, rest) => {
    expect(fed(options, ...chunks)).toEqual({ lines, rest, tooLong: false })
  })

  it.each([
    ['a line of the limit', ['1234\r\n'], ['1234'], ''],
    ['one whose delimiter comes in pieces', ['1234\r', '\n'], ['1234'], ''],
    ['one that is not finished', ['1234'], [], '1234'],
  ])('takes %s', (_, chunks, lines, rest) => {
    expect(fed({ maxLength: 4 }, ...chunks)).toEqual({ lines, rest, tooLong: false })
  })

  it.each([
    ['a line over the limit', ['12345\r\nx'], [], '12345\r\nx'],
    ['one after another', ['1\r\n12345\r\n'], ['1'], '12345\r\n'],
    ['one that is not finished', ['1', '23', '456'], [], '123456'],
  ])('finds that %s is too long', (_, chunks, lines, rest) => {
    expect(fed({ maxLength: 4 }, ...chunks)).toEqual({ lines, rest, tooLong: true })
  })

  it('counts what was not cut', () => {
    const cutter = new LineCutter()
    cutter.append(Buffer.from('a\r\nbc'))
    expect(cutter.length).toBe(5)
    cutter.cut()
    expect(cutter.length).toBe(2)
  })

  it('cuts what is put before the rest first', () => {
    const cutter = new LineCutter({ delimiter: '\n' })
    cutter.append(Buffer.from('rest'))
    expect(cutter.cut()).toBeUndefined()
    cutter.prepend(Buffer.from('a\nb '))
    expect(cutAll(cutter)).toEqual(['a'])
    expect(cutter.takeAll().toString()).toBe('b rest')
  })

  it('begins anew after everything is taken out', () => {
    const cutter = new LineCutter({ maxLength: 3, delimiter: '\n' })
    cutter.append(Buffer.from('12345'))
    expect(cutter.cut()).toBeUndefined()
    expect(cutter.takeAll().toString()).toBe('12345')
    expect(cutter.tooLong).toBe(false)
    cutter.append(Buffer.from('a\n'))
    expect(cutAll(cutter)).toEqual(['a'])
  })

  it.each<[LineReceiverOptions, string]>([
    [{ delimiter: '' }, 'ERR_SENNIT_DELIMITER'],
    [{ delimiter: new Uint8Array() }, 'ERR_SENNIT_DELIMITER'],
    [{ maxLength: 0 }, 'ERR_SENNIT_MAX_LENGTH'],
  ])('refuses %j', (options, code) => {
    expect(() => new LineCutter(options)).toThrow(expect.objectContaining({ code }))
  })

  it('finds a line at once after everything is taken out', () => {
    const cutter = new LineCutter({ delimiter: '\n' })
    cutter.append(Buffer.from('abc'))
    expect(cutter.cut()).toBeUndefined()
    cutter.takeAll()
    cutter.append(Buffer.from('x\n'))
    expect(cutAll(cutter)).toEqual(['x'])
  })

  it('does not search again what it has searched', () => {
    const search = vi.spyOn(ReceiveBuffer.prototype, 'indexOf')
    try {
      const cutter = new LineCutter({ delimiter: '--' })
      for (const chunk of ['abc', 'de', '-', '-', 'fg']) {
        cutter.append(Buffer.from(chunk))
        cutter.cut()
      }
      expect(search.mock.calls.map(([, from]) => from)).toEqual([0, 2, 4, 5, 0])
    } finally {
      search.mockRestore()
    }
  })

  it('cuts the same lines, however the stream is split', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\r', '\n', ';'), maxLength: 200 })
    const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 })
    fc.assert(
      fc.property(
        fc.constantFrom('\n', '\r\n', 'aab', ';;'),
        fc.integer({ min: 1, max: 30 }),
        text,
        places,
        (delimiter, maxLength, stream, cuts) => {
          const at = [0, ...cuts.map((cut) => Math.floor(cut * stream.length)), stream.length].toSorted(
            (a, b) => a - b,
          )
          const parts = at.slice(1).map((end, i) => stream.slice(at[i], end))
          const whole = fed({ delimiter, maxLength }, stream)
          for (const chunks of [parts, stream.split('')]) {
            const { lines, tooLong } = fed({ delimiter, maxLength }, ...chunks)
            expect([lines, tooLong]).toEqual([whole.lines, whole.tooLong])
          }
        },
      ),
    )
  })

  it('looks at each byte a bounded number of times when they come one by one', () => {
    const bytes = 50_000
    let searched = 0
    const { indexOf } = Buffer.prototype
    const spy = vi.spyOn(Buffer.prototype, 'indexOf').mockImplementation(function (this: Buffer, ...args) {
      searched += this.length - Number(args[1])
      return indexOf.apply(this, args as Parameters<typeof indexOf>)
    })
    try {
      const cutter = new LineCutter({ maxLength: Infinity })
      for (let i = 0; i < bytes; i++) {
        cutter.append(Buffer.from('a'))
        cutter.cut()
      }
    } finally {
      spy.mockRestore()
    }
    expect(searched).toBeGreaterThanOrEqual(bytes)
    expect(searched).toBeLessThan(4 * bytes)
  })
})
