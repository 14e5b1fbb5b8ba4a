import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { framed, type Framing, netstringFraming, prefixFraming } from '../src/framing.ts'
import { StringCutter, type StringOptions } from '../src/string-cutter.ts'

/** Feeds chunks, and says what came out: strings, and the codes of errors, in order. */
function fed(framing: Framing, options: StringOptions, chunks: Iterable<Uint8Array>) {
  const cutter = new StringCutter(framing, options)
  const seen: string[] = []
  for (const chunk of chunks) {
    cutter.append(chunk)
    for (;;) {
      const string = cutter.cut()
      if (string !== undefined) {
        seen.push(string.toString('latin1'))
        continue
      }
      const error = cutter.takeError()
      if (error === undefined) break
      seen.push(error.code)
    }
  }
  return { cutter, seen }
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

const framings = fc.constantFrom(
  ['netstrings', netstringFraming] as const,
  ...[1, 2, 3, 4, 5, 6].map((size) => [`${8 * size} bits`, prefixFraming(size)] as const),
)

/** Cuts bytes at places that are given as shares of their length. */
function split(data: Buffer, places: readonly number[]): Buffer[] {
  const cuts = [0, ...places.map((place) => Math.floor(place * data.length)), data.length].toSorted(
    (a, b) => a - b,
  )
  return cuts.slice(1).map((cut, i) => data.subarray(cuts[i], cut))
}

const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 })

describe('StringCutter', () => {
  it.each([
    ['whole', ['5:hello,0:,1:x,'], ['hello', '', 'x']],
    ['in pieces', ['5', ':', 'he', 'llo', ',', '0:', ',1:x', ','], ['hello', '', 'x']],
    ['with signs of their own in them', ['6:1:a,2:,', '1:,,'], ['1:a,2:', ',']],
  ])('cuts netstrings that come %s', (_, chunks, expected) => {
    const { cutter, seen } = fed(netstringFraming, {}, chunks.map(bytes))
    expect([seen, cutter.length, cutter.broken]).toEqual([expected, 0, false])
  })

  it('cuts strings with their length before them', () => {
    const { seen } = fed(prefixFraming(2), {}, ['\0', '\x02ab\0\0\0\x01', 'c', '\0\x02d'].map(bytes))
    expect(seen).toEqual(['ab', '', 'c'])
  })

  it('yields the strings that were sent, however the stream is split', () => {
    fc.assert(
      fc.property(
        framings,
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 30 }),
        places,
        ([, framing], strings, cuts) => {
          const sent = strings.filter((string) => framing !== prefixFraming(1) || string.length < 256)
          const stream = Buffer.concat(sent.flatMap((string) => framed(string, framing)))
          const { seen, cutter } = fed(framing, {}, split(stream, cuts))
          expect(seen).toEqual(sent.map((string) => Buffer.from(string).toString('latin1')))
          expect(cutter.length).toBe(0)
        },
      ),
    )
  })

  it('says the same about any bytes, however they are split', () => {
    const digits = fc.constantFrom(...bytes('0123456789:,,x\0'))
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(digits, { maxLength: 200 }).map(Buffer.from),
    )
    fc.assert(
      fc.property(
        framings,
        garbage,
        places,
        fc.integer({ min: 1, max: 20 }),
        ([, framing], data, cuts, maxLength) => {
          const whole = fed(framing, { maxLength }, [data])
          const parts = fed(framing, { maxLength }, split(Buffer.from(data), cuts))
          const bytewise = fed(
            framing,
            { maxLength },
            split(
              Buffer.from(data),
              Array.from(data, (_, i) => i / data.length),
            ),
          )
          expect(parts.seen).toEqual(whole.seen)
          expect(bytewise.seen).toEqual(whole.seen)
          expect([parts.cutter.broken, parts.cutter.length]).toEqual([
            whole.cutter.broken,
            whole.cutter.length,
          ])
          for (const string of whole.seen)
            expect(string.length <= maxLength || string.startsWith('ERR_')).toBe(true)
        },
      ),
    )
  })

  it('takes a string of exactly the limit', () => {
    expect(fed(netstringFraming, { maxLength: 3 }, [bytes('3:abc,4:abcd,1:x,')]).seen).toEqual([
      'abc',
      'ERR_SENNIT_STRING_LENGTH',
      'x',
    ])
  })

  it('says how long a string is that is too long as soon as its length is there, and keeps nothing of it', () => {
    const cutter = new StringCutter(prefixFraming(4), { maxLength: 10 })
    cutter.append(bytes('\0\x0f\x42\x40'))
    expect(cutter.cut()).toBeUndefined()
    expect(cutter.takeError()).toMatchObject({
      code: 'ERR_SENNIT_STRING_LENGTH',
      length: 1_000_000,
      maxLength: 10,
    })
    expect(cutter.takeError()).toBeUndefined()
    for (let i = 0; i < 1000; i++) {
      cutter.append(Buffer.alloc(1000))
      expect(cutter.cut()).toBeUndefined()
      expect(cutter.length).toBe(0)
    }
    cutter.append(bytes('\0\0\0\x02ok'))
    expect(cutter.cut()?.toString()).toBe('ok')
  })

  it('looks at the end of a netstring that it leaves out', () => {
    const after = (end: string) =>
      fed(netstringFraming, { maxLength: 2 }, `3:abc${end}1:x,`.split('').map(bytes)).seen
    expect(after(',')).toEqual(['ERR_SENNIT_STRING_LENGTH', 'x'])
    expect(after(';')).toEqual(['ERR_SENNIT_STRING_LENGTH', 'ERR_SENNIT_NETSTRING'])
  })

  it.each([
    ['a wrong end', '2:ab;1:x,', ['ERR_SENNIT_NETSTRING']],
    ['a wrong beginning', '2:ab,x1:x,', ['ab', 'ERR_SENNIT_NETSTRING']],
  ])('is broken, keeps nothing and takes nothing any more, after %s', (_, text, expected) => {
    const { cutter, seen } = fed(netstringFraming, {}, [bytes(text), bytes('1:y,')])
    expect([seen, cutter.broken, cutter.length, cutter.cut()]).toEqual([expected, true, 0, undefined])
  })

  it('has a limit of 99999 bytes when nothing else is said, and checks one that is given', () => {
    expect(new StringCutter(netstringFraming).maxLength).toBe(99_999)
    expect(() => new StringCutter(netstringFraming, { maxLength: 0 })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_MAX_LENGTH' }),
    )
  })

  it('gives back all bytes from the first string on that was not taken', () => {
    const cutter = new StringCutter(netstringFraming)
    cutter.append(bytes('1:a,3:bc'))
    expect(cutter.cut()?.toString()).toBe('a')
    expect(cutter.cut()).toBeUndefined()
    expect(cutter.takeAll().toString()).toBe('3:bc')
  })

  it('copies no more than a few times what comes, in pieces of one byte as in one', () => {
    const copied = { bytes: 0 }
    const { copy } = Buffer.prototype
    const string = Buffer.alloc(50_000, 'x')
    Buffer.prototype.copy = function (...args: Parameters<typeof copy>) {
      const count = copy.apply(this, args)
      copied.bytes += count
      return count
    }
    try {
      const stream = Buffer.concat(framed(string, prefixFraming(4)))
      const { seen } = fed(
        prefixFraming(4),
        {},
        Array.from(stream, (byte) => Uint8Array.of(byte)),
      )
      expect(seen).toHaveLength(1)
      const many = Buffer.concat(
        Array.from({ length: 10_000 }, () => framed(Buffer.from('hello'), prefixFraming(4))).flat(),
      )
      expect(fed(prefixFraming(4), {}, [many]).seen).toHaveLength(10_000)
    } finally {
      Buffer.prototype.copy = copy
    }
    expect(copied.bytes).toBeLessThan(3 * string.length)
  })
})
