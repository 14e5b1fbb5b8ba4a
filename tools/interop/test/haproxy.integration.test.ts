import { isIPv6 } from 'node:net'
import { clientFromString } from '@sennit/endpoints'
import { duplexFactory } from '@sennit/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Twisted, twistedIsThere } from '../src/twisted.ts'
import { served, talk, TCP, type Way } from './streams.ts'

const HAPROXY: Way = {
  ...TCP,
  theirServer: () => 'haproxy:tcp:0:interface=127.0.0.1',
  ourServer: () => 'haproxy:tcp:0:interface=127.0.0.1',
}

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n')
const AF_INET = Buffer.from([192, 0, 2, 1, 198, 51, 100, 2, 0x30, 0x39, 0x01, 0xbb])
const AF_INET6 = Buffer.concat([
  Buffer.from('20010db8000000000000000000000001', 'hex'),
  Buffer.from('20010db8000000000000000000000002', 'hex'),
  Buffer.from([0x30, 0x39, 0x01, 0xbb]),
])

function version2(command: number, family: number, addresses: Buffer): Buffer {
  return Buffer.concat([SIGNATURE, Buffer.from([command, family, 0, addresses.length]), addresses])
}

/** What a proxy may say first; `peer` is whom the connection then is from, or `undefined` when it is closed for that. */
const HEADERS: readonly (readonly [what: string, header: Buffer, peer: string | undefined])[] = [
  ['TCP4 in version 1', Buffer.from('PROXY TCP4 192.0.2.1 198.51.100.2 12345 443\r\n'), '192.0.2.1:12345'],
  ['TCP6 in version 1', Buffer.from('PROXY TCP6 2001:db8::1 2001:db8::2 12345 443\r\n'), '2001:db8::1:12345'],
  ['UNKNOWN with addresses in version 1', Buffer.from('PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n'), '127.0.0.1'],
  ['TCP4 in version 2', version2(0x21, 0x11, AF_INET), '192.0.2.1:12345'],
  ['TCP6 in version 2', version2(0x21, 0x21, AF_INET6), '2001:db8::1:12345'],
  ['LOCAL in version 2', version2(0x20, 0x00, Buffer.alloc(0)), '127.0.0.1'],
  ['no header', Buffer.from('GET / HTTP/1.1\r\nHost: example\r\n\r\n'), undefined],
  [
    'another protocol in version 1',
    Buffer.from('PROXY UDP4 192.0.2.1 198.51.100.2 12345 443\r\n'),
    undefined,
  ],
  ['an address missing in version 1', Buffer.from('PROXY TCP4 192.0.2.1 12345 443\r\n'), undefined],
  ['a version 3', version2(0x31, 0x11, AF_INET), undefined],
  ['too few addresses in version 2', version2(0x21, 0x11, AF_INET.subarray(0, 4)), undefined],
]

const DATA = Buffer.from('what follows')

/** Host and port, or the host alone where the port is that of a client; an IPv6 address in its short form. */
function comparable(host: string, port: number): string {
  const short = isIPv6(host) ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host
  return short === '127.0.0.1' ? short : `${short}:${port}`
}

function addressOf(peer: string): string {
  const [, host = '', port] = /^tcp:\[?([^\]]+?)\]?:(\d+)$/.exec(peer) ?? []
  return comparable(host, Number(port))
}

describe.skipIf(!twistedIsThere)('PROXY headers beside Twisted', () => {
  let twisted: Twisted

  beforeAll(async () => {
    twisted = await Twisted.start()
  })
  afterAll(() => twisted[Symbol.asyncDispose]())

  it.each(HEADERS)('EP-62 EP-63 %s means the same to both', async (_, header, peer) => {
    const send = Buffer.concat([header, DATA])
    const server = await twisted.listen(HAPROXY.theirServer(), 'Talk', { until: DATA.length })
    const theirClient = talk({ send })
    await clientFromString(TCP.toTheirs(server)).connect(theirClient)
    const ours = talk({ until: DATA.length })
    const to = await served(HAPROXY, ours)
    const ourClient = talk({ send })
    await clientFromString(to).connect(ourClient)

    if (peer === undefined) {
      const ends = await Promise.all([theirClient.reports.next(), ourClient.reports.next()])
      expect(ends.map(({ length }) => length)).toEqual([0, 0])
      const told = [...(await twisted.waiting(server)), ...ours.reports.waiting]
      expect(told.filter(({ length }) => length > 0)).toEqual([])
      return
    }
    const [theirs, own] = await Promise.all([twisted.report(server), ours.reports.next()])
    expect(comparable(theirs.peer.host, theirs.peer.port)).toBe(peer)
    expect(addressOf(own.peer)).toBe(peer)
    expect([Buffer.from(theirs.received as string, 'hex'), own.received]).toEqual([DATA, DATA])
  })

  it('EP-63 UNKNOWN without addresses is taken, as the protocol has it; theirs is closed', async () => {
    const send = Buffer.concat([Buffer.from('PROXY UNKNOWN\r\n'), DATA])
    const server = await twisted.listen(HAPROXY.theirServer(), 'Talk', { until: DATA.length })
    const theirClient = talk({ send })
    await clientFromString(TCP.toTheirs(server)).connect(theirClient)
    await theirClient.reports.next()
    expect((await twisted.waiting(server)).filter(({ length }) => length > 0)).toEqual([])

    const ours = talk({ until: DATA.length })
    await clientFromString(await served(HAPROXY, ours)).connect(talk({ send }))
    const { received, peer } = await ours.reports.next()
    expect([received, addressOf(peer)]).toEqual([DATA, '127.0.0.1'])
  })

  it('EP-64 a header that comes in single bytes is taken; theirs is closed', async () => {
    const [, header] = HEADERS[0]!
    const trickle = async (to: string): Promise<void> => {
      const socket = await clientFromString(to).connect(duplexFactory())
      socket.on('error', () => {})
      for (const byte of Buffer.concat([header, DATA])) {
        if (socket.destroyed) return
        socket.write(Buffer.of(byte))
        // A word with Twisted takes so long that each byte arrives alone.
        await twisted.ask('waiting', { thing: server.thing })
      }
    }
    const server = await twisted.listen(HAPROXY.theirServer(), 'Talk', { until: DATA.length })
    await trickle(TCP.toTheirs(server))
    expect((await twisted.waiting(server)).filter(({ length }) => length > 0)).toEqual([])

    const ours = talk({ until: DATA.length })
    await trickle(await served(HAPROXY, ours))
    expect(await ours.reports.next()).toMatchObject({ received: DATA, peer: 'tcp:192.0.2.1:12345' })
  })
})
