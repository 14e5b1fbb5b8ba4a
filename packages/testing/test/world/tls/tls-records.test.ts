import { describe, expect, it } from 'vitest'
import { ALERT, DATA, RecordReader, recordsOf } from '../../../src/world/tls/tls-records.ts'

const bytes = (text: string) => Buffer.from(text)

/** All that a reader makes of some bytes. */
function read(reader: RecordReader, chunk: Buffer) {
  reader.push(chunk)
  const records = []
  for (let record = reader.next(); record !== undefined; record = reader.next()) records.push(record)
  return records.map(({ type, content }) => [type, content.toString()])
}

describe('records', () => {
  it('show no clear text, and are read again', () => {
    const records = recordsOf(DATA, bytes('secret'))
    expect(records.includes('secret')).toBe(false)
    expect(records.subarray(0, 5)).toEqual(Buffer.from([23, 3, 3, 0, 6]))
    expect(read(new RecordReader(), records)).toEqual([[DATA, 'secret']])
  })

  it('carry as much as records of TLS do', () => {
    const content = Buffer.alloc(40_000, 'x')
    const records = recordsOf(DATA, content)
    expect(records).toHaveLength(40_000 + 3 * 5)
    const reader = new RecordReader()
    const parts = read(reader, records)
    expect(parts.map(([, text]) => (text as string).length)).toEqual([16384, 16384, 7232])
    expect(parts.map(([, text]) => text).join('')).toBe(content.toString())
  })

  it('may be empty', () => {
    expect(read(new RecordReader(), recordsOf(ALERT, Buffer.alloc(0)))).toEqual([[ALERT, '']])
  })

  it('come in pieces of any size', () => {
    const reader = new RecordReader()
    const all = Buffer.concat([recordsOf(DATA, bytes('one')), recordsOf(DATA, bytes('two'))])
    const got = Array.from(all, (byte) => read(reader, Buffer.from([byte]))).flat()
    expect(got).toEqual([
      [DATA, 'one'],
      [DATA, 'two'],
    ])
  })

  it.each([
    ['GET / HTTP/1.1\r\n', 'ERR_SSL_HTTP_REQUEST'],
    ['CONNECT a:1 HTTP/1.1', 'ERR_SSL_HTTPS_PROXY_REQUEST'],
    ['hello world', 'ERR_SSL_WRONG_VERSION_NUMBER'],
    ['\x16\x02\x00\x00\x00', 'ERR_SSL_WRONG_VERSION_NUMBER'],
  ])('are not %j', (text, code) => {
    const reader = new RecordReader()
    reader.push(Buffer.from(text, 'latin1'))
    expect(() => reader.next()).toThrow(expect.objectContaining({ code }))
  })

  it('wait for enough bytes to be told from something else', () => {
    const reader = new RecordReader()
    reader.push(bytes('GET'))
    expect(reader.next()).toBeUndefined()
  })
})
