import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ProxyHeader, ProxyHeaderReader } from '../src/proxy-header.ts'

const V2 = '0d0a0d0a000d0a515549540a'

function bytes(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex')
}

function read(...chunks: Uint8Array[]): ProxyHeader | undefined {
  const reader = new ProxyHeaderReader()
  let header: ProxyHeader | undefined
  for (const chunk of chunks) header ??= reader.push(chunk)
  return header
}

/** What a header says, as text. */
function said(header: ProxyHeader | undefined): string[] | undefined {
  return header && [String(header.peer), String(header.host), Buffer.from(header.rest).toString('latin1')]
}

const path = (text: string) =>
  Buffer.concat([Buffer.from(text), Buffer.alloc(108 - text.length)]).toString('hex')

const good: [string, Buffer, string[]][] = [
  [
    'v1 of IPv4',
    Buffer.from('PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n'),
    ['tcp:192.0.2.7:56324', 'tcp:192.0.2.1:443'],
  ],
  [
    'v1 of IPv6',
    Buffer.from('PROXY TCP6 2001:db8::7 ::1 0 65535\r\n'),
    ['tcp:[2001:db8::7]:0', 'tcp:[::1]:65535'],
  ],
  [
    'v1 of the longest kind',
    Buffer.from(`PROXY TCP6 ${'ffff:'.repeat(7)}ffff ${'ffff:'.repeat(7)}ffff 65535 65535\r\n`),
    [`tcp:[${'ffff:'.repeat(7)}ffff]:65535`, `tcp:[${'ffff:'.repeat(7)}ffff]:65535`],
  ],
  ['v1 of an unknown kind', Buffer.from('PROXY UNKNOWN\r\n'), ['undefined', 'undefined']],
  [
    'v1 of an unknown kind, with more',
    Buffer.from(`PROXY UNKNOWN ${'f'.repeat(91)}\r\n`),
    ['undefined', 'undefined'],
  ],
  [
    'v2 of IPv4',
    bytes(`${V2} 21 11 000c c0000207 c0000201 dc04 01bb`),
    ['tcp:192.0.2.7:56324', 'tcp:192.0.2.1:443'],
  ],
  [
    'v2 of IPv4, with more',
    bytes(`${V2} 21 11 0010 c0000207 c0000201 dc04 01bb 01000168`),
    ['tcp:192.0.2.7:56324', 'tcp:192.0.2.1:443'],
  ],
  [
    'v2 of IPv6',
    bytes(`${V2} 21 21 0024 20010db8000000000000000000000007 00000000000000000000000000000001 dc04 01bb`),
    ['tcp:[2001:db8::7]:56324', 'tcp:[::1]:443'],
  ],
  [
    'v2 of UNIX',
    bytes(`${V2} 21 31 00d8 ${path('/run/a')} ${path('/run/b')}`),
    ['unix:/run/a', 'unix:/run/b'],
  ],
  [
    'v2 of UNIX without names',
    bytes(`${V2} 21 31 00d8 ${path('')} ${path('x'.repeat(108))}`),
    ['unix:', `unix:${'x'.repeat(108)}`],
  ],
  ['v2 of no kind', bytes(`${V2} 21 00 0000`), ['undefined', 'undefined']],
  ['v2 of the proxy itself', bytes(`${V2} 20 00 0000`), ['undefined', 'undefined']],
  [
    'v2 of the proxy itself, with addresses',
    bytes(`${V2} 20 11 000c c0000207 c0000201 dc04 01bb`),
    ['undefined', 'undefined'],
  ],
  ['v2 of the longest kind', bytes(`${V2} 21 00 1000 ${'00'.repeat(4096)}`), ['undefined', 'undefined']],
]

describe('ProxyHeaderReader', () => {
  it.each(good)('EP-63 reads %s, and leaves what follows', (_what, header, expected) => {
    expect(said(read(Buffer.concat([header, Buffer.from('rest')])))).toEqual([...expected, 'rest'])
    expect(said(read(header))).toEqual([...expected, ''])
  })

  it.each(good.filter(([, header]) => header.length < 300))(
    'EP-64 reads %s byte by byte',
    (_what, header, expected) => {
      const chunks = Array.from(header, (byte) => Buffer.from([byte]))
      const reader = new ProxyHeaderReader()
      for (const chunk of chunks.slice(0, -1)) expect(reader.push(chunk)).toBeUndefined()
      expect(said(reader.push(chunks.at(-1)!))).toEqual([...expected, ''])
    },
  )

  it('EP-64 reads each header, however it is split', () => {
    const cuts = fc.array(fc.nat(4200), { maxLength: 5 })
    fc.assert(
      fc.property(fc.constantFrom(...good), cuts, ([, header, expected], places) => {
        const all = Buffer.concat([header, Buffer.from('rest')])
        const ends = [...places.filter((place) => place < all.length).toSorted((a, b) => a - b), all.length]
        const chunks = ends.map((end, index) => all.subarray(ends[index - 1] ?? 0, end))
        const reader = new ProxyHeaderReader()
        let found: ProxyHeader | undefined
        let after = ''
        for (const chunk of chunks) {
          if (found) after += chunk.toString('latin1')
          else found = reader.push(chunk)
        }
        const [peer, host, rest] = said(found)!
        expect([peer, host, rest + after]).toEqual([...expected, 'rest'])
      }),
    )
  })

  it.each<[string, Buffer, RegExp]>([
    ['something else', Buffer.from('GET / HTTP/1.1\r\n'), /must come first, in version 1 or 2/],
    ['a first byte that is none', Buffer.from('G'), /must come first/],
    ['a handshake', bytes('160301'), /must come first/],
    ['v1 in small letters', Buffer.from('proxy TCP4'), /must come first/],
    ['v2 with another signature', bytes('0d0a0d0a000d0a515549540b'), /must come first/],
    ['v1 without its end', Buffer.from(`PROXY TCP4 ${'1'.repeat(96)}`), /a line of at most 107 bytes/],
    [
      'v1 with its end too late',
      Buffer.from(`PROXY UNKNOWN ${'f'.repeat(92)}\r\n`),
      /a line of at most 107 bytes/,
    ],
    [
      'v1 of another family',
      Buffer.from('PROXY UDP4 192.0.2.7 192.0.2.1 1 2\r\n'),
      /say 'TCP4', 'TCP6' or 'UNKNOWN'/,
    ],
    ['v1 of no family', Buffer.from('PROXY \r\n'), /say 'TCP4'/],
    ['v1 with the other family', Buffer.from('PROXY TCP4 ::1 ::1 1 2\r\n'), /two addresses of TCP4/],
    [
      'v1 with the other family, turned round',
      Buffer.from('PROXY TCP6 192.0.2.7 ::1 1 2\r\n'),
      /two addresses of TCP6/,
    ],
    ['v1 with a scope', Buffer.from('PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n'), /two addresses of TCP6/],
    ['v1 with names', Buffer.from('PROXY TCP4 localhost localhost 1 2\r\n'), /two addresses of TCP4/],
    ['v1 with two blanks', Buffer.from('PROXY TCP4 192.0.2.7  192.0.2.1 1 2\r\n'), /two addresses of TCP4/],
    [
      'v1 with one more field',
      Buffer.from('PROXY TCP4 192.0.2.7 192.0.2.1 1 2 3\r\n'),
      /two addresses of TCP4/,
    ],
    ['v1 without a port', Buffer.from('PROXY TCP4 192.0.2.7 192.0.2.1 1\r\n'), /two ports, from 0 to 65535/],
    [
      'v1 with a port beyond the last',
      Buffer.from('PROXY TCP4 192.0.2.7 192.0.2.1 1 65536\r\n'),
      /two ports/,
    ],
    ['v1 with a port that is none', Buffer.from('PROXY TCP4 192.0.2.7 192.0.2.1 0x1 2\r\n'), /two ports/],
    [
      'v1 with a port that begins with 0',
      Buffer.from('PROXY TCP4 192.0.2.7 192.0.2.1 01 2\r\n'),
      /two ports/,
    ],
    ['v2 of version 1', bytes(`${V2} 11 11 000c`), /of version 2, with the command 'LOCAL' or 'PROXY'/],
    ['v2 with another command', bytes(`${V2} 22 11 000c`), /with the command/],
    ['v2 that is too long', bytes(`${V2} 21 11 1001`), /at most 4096 bytes/],
    ['v2 of datagrams', bytes(`${V2} 21 12 000c ${'00'.repeat(12)}`), /addresses of TCP or of a UNIX stream/],
    ['v2 of another family', bytes(`${V2} 21 41 0000`), /addresses of TCP or of a UNIX stream/],
    [
      'v2 of IPv4 that is too short',
      bytes(`${V2} 21 11 000b ${'00'.repeat(11)}`),
      /at least 12 bytes of addresses/,
    ],
    ['v2 of IPv6 that is too short', bytes(`${V2} 21 21 0023 ${'00'.repeat(35)}`), /at least 36 bytes/],
    ['v2 of UNIX that is too short', bytes(`${V2} 21 31 000c ${'00'.repeat(12)}`), /at least 216 bytes/],
  ])('EP-63 refuses %s', (_what, header, message) => {
    expect(() => read(header)).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_PROXY_HEADER' }))
    expect(() => read(header)).toThrow(message)
  })

  it('EP-63 waits for more of what may become a header, and refuses nothing but by its own error', () => {
    const begun = fc.constantFrom(
      Buffer.alloc(0),
      Buffer.from('PROXY '),
      Buffer.from('PROXY TCP4 '),
      bytes(V2),
      bytes(`${V2}21`),
    )
    fc.assert(
      fc.property(begun, fc.uint8Array({ maxLength: 300 }), (start, junk) => {
        const reader = new ProxyHeaderReader()
        try {
          const header = reader.push(Buffer.concat([start, junk]))
          if (header) expect(header.rest.length).toBeLessThan(start.length + junk.length)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_SENNIT_PROXY_HEADER' })
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('waits for the first byte', () => {
    expect(new ProxyHeaderReader().push(new Uint8Array())).toBeUndefined()
  })
})
