import { describe, expect, it } from 'vitest'
import { framed, netstringFraming, prefixFraming } from '../src/framing.ts'
import { ReceiveBuffer } from '../src/receive-buffer.ts'

function buffer(bytes: string | readonly number[]): ReceiveBuffer {
  const result = new ReceiveBuffer()
  result.append(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Buffer.from(bytes))
  return result
}

describe('prefixFraming', () => {
  it.each([
    [1, [200], 200],
    [2, [1, 2], 0x0102],
    [3, [1, 2, 3], 0x010203],
    [4, [255, 255, 255, 255], 2 ** 32 - 1],
    [6, [255, 255, 255, 255, 255, 255], 2 ** 48 - 1],
  ])('reads and writes a length of %d bytes, the highest first', (size, bytes, length) => {
    const framing = prefixFraming(size)
    expect(framing.headerSize(buffer([...bytes, 0]))).toBe(size)
    expect(framing.headerSize(buffer(bytes.slice(1)))).toBe(0)
    expect(framing.lengthIn(buffer([...bytes, 0]), size)).toBe(length)
    expect([...framing.header(length)]).toEqual(bytes)
  })

  it.each([1, 2, 4])('refuses to write a length that %d bytes cannot say', (size) => {
    const most = 2 ** (8 * size) - 1
    expect(() => prefixFraming(size).header(most + 1)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_STRING_TOO_LONG', length: most + 1, maxLength: most }),
    )
  })

  it.each([0, 7, 1.5, -1, NaN, '2', undefined])('refuses a length of %o bytes', (size) => {
    expect(() => prefixFraming(size as number)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_PREFIX_LENGTH' }),
    )
  })
})

describe('netstringFraming', () => {
  it.each([
    ['0:', 2, 0],
    ['5:hello,', 2, 5],
    ['12:', 3, 12],
    ['999999999999999:', 16, 999_999_999_999_999],
  ])('reads the length of %o', (bytes, size, length) => {
    expect(netstringFraming.headerSize(buffer(bytes))).toBe(size)
    expect(netstringFraming.lengthIn(buffer(bytes), size)).toBe(length)
    expect(netstringFraming.header(length).toString()).toBe(bytes.slice(0, size))
  })

  it.each(['', '0', '1', '123456789012345'])('waits for the rest of %o', (bytes) => {
    expect(netstringFraming.headerSize(buffer(bytes))).toBe(0)
  })

  it.each([
    [':', 'its beginning must be its length and \':\', got ":"'],
    ['x', 'its beginning must be its length and \':\', got "x"'],
    [' 5:', 'its beginning must be its length and \':\', got " 5:"'],
    ['-1:', 'its beginning must be its length and \':\', got "-1:"'],
    ['5;', 'its beginning must be its length and \':\', got "5;"'],
    [
      '\n'.repeat(50),
      'its beginning must be its length and \':\', got "\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n"',
    ],
    ['00:', 'its length must be a number without a zero before it, got "00"'],
    ['007:', 'its length must be a number without a zero before it, got "00"'],
    ['1234567890123456', 'its length must be a number of 15 digits or fewer, got "123456789012345"'],
  ])('refuses %o', (bytes, message) => {
    expect(() => netstringFraming.headerSize(buffer(bytes))).toThrow(
      expect.objectContaining({
        code: 'ERR_SENNIT_NETSTRING',
        message: `Cannot read a netstring: ${message}`,
      }),
    )
  })
})

describe('framed', () => {
  it('puts what is needed around a string, without a copy of it', () => {
    const data = Buffer.from('hello')
    const chunks = framed(data, netstringFraming)
    expect(Buffer.concat(chunks).toString()).toBe('5:hello,')
    expect(chunks[1]).toBe(data)
    expect(Buffer.concat(framed(data, prefixFraming(2))).toString('latin1')).toBe('\0\x05hello')
  })
})
