import { mkdtempSync, linkSync, writeFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { HostnameAddress, IPv4Address, IPv6Address, internetAddress, UNIXAddress } from '../src/addresses.ts'

describe('addresses', () => {
  it.each([
    [
      new IPv4Address('TCP', '127.0.0.1', 80),
      'tcp:127.0.0.1:80',
      { type: 'TCP', host: '127.0.0.1', port: 80 },
    ],
    [new IPv4Address('UDP', '10.0.0.1', 0), 'udp:10.0.0.1:0', { type: 'UDP', host: '10.0.0.1', port: 0 }],
    [new IPv6Address('TCP', '::1', 65535), 'tcp:[::1]:65535', { flowInfo: 0, scopeId: 0, port: 65535 }],
    [new IPv6Address('TCP', 'fe80::1', 1, 7, 'eth0'), 'tcp:[fe80::1]:1', { flowInfo: 7, scopeId: 'eth0' }],
    [
      new HostnameAddress('carbon', 2003),
      'carbon:2003',
      { type: 'HOSTNAME', hostname: 'carbon', host: 'carbon' },
    ],
    [new UNIXAddress('/run/x.sock'), 'unix:/run/x.sock', { type: 'UNIX', path: '/run/x.sock' }],
  ])('ER-06 %s says where it is', (address, text, fields) => {
    expect(address).toMatchObject(fields)
    expect(address.toString()).toBe(text)
  })

  it.each([
    ['the same', new IPv4Address('TCP', '127.0.0.1', 80), new IPv4Address('TCP', '127.0.0.1', 80), true],
    ['another type', new IPv4Address('TCP', '127.0.0.1', 80), new IPv4Address('UDP', '127.0.0.1', 80), false],
    ['another host', new IPv4Address('TCP', '127.0.0.1', 80), new IPv4Address('TCP', '127.0.0.2', 80), false],
    ['another port', new IPv4Address('TCP', '127.0.0.1', 80), new IPv4Address('TCP', '127.0.0.1', 81), false],
    [
      'the same in IPv6',
      new IPv6Address('TCP', '::1', 80, 1, 2),
      new IPv6Address('TCP', '::1', 80, 1, 2),
      true,
    ],
    ['another flow', new IPv6Address('TCP', '::1', 80, 1, 2), new IPv6Address('TCP', '::1', 80, 0, 2), false],
    [
      'another scope',
      new IPv6Address('TCP', '::1', 80, 1, 2),
      new IPv6Address('TCP', '::1', 80, 1, 3),
      false,
    ],
    ['the same name', new HostnameAddress('a', 1), new HostnameAddress('a', 1), true],
    ['another name', new HostnameAddress('a', 1), new HostnameAddress('b', 1), false],
    [
      'a name and a literal',
      new HostnameAddress('127.0.0.1', 1),
      new IPv4Address('TCP', '127.0.0.1', 1),
      false,
    ],
    ['the same path', new UNIXAddress('/no/such'), new UNIXAddress('/no/such'), true],
    ['another path', new UNIXAddress('/no/such'), new UNIXAddress('/no/other'), false],
    ['something else', new UNIXAddress('/no/such'), undefined, false],
  ])('ER-06 compares by content: %s', (_, one, other, equal) => {
    expect(one.equals(other)).toBe(equal)
  })

  it('ER-06 finds two names of one UNIX socket equal', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sennit-'))
    try {
      const [one, two, three] = ['one', 'two', 'three'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ]
      writeFileSync(one, '')
      writeFileSync(three, '')
      linkSync(one, two)
      expect(new UNIXAddress(one).equals(new UNIXAddress(two))).toBe(true)
      expect(new UNIXAddress(one).equals(new UNIXAddress(three))).toBe(false)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it.each([-1, 65536, 1.5, Number.NaN, '80' as unknown as number, undefined as unknown as number])(
    'refuses the port %s',
    (port) => {
      const make = [
        () => new IPv4Address('TCP', '127.0.0.1', port),
        () => new IPv6Address('TCP', '::1', port),
        () => new HostnameAddress('carbon', port),
      ]
      for (const each of make) {
        expect(each).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_INVALID_ADDRESS' }))
      }
    },
  )
})

describe('internetAddress', () => {
  it.each([
    ['127.0.0.1', new IPv4Address('UDP', '127.0.0.1', 53)],
    ['::1', new IPv6Address('UDP', '::1', 53)],
    ['fe80::1%eth0', new IPv6Address('UDP', 'fe80::1', 53, 0, 'eth0')],
    ['localhost', new HostnameAddress('localhost', 53)],
    ['127.1', new HostnameAddress('127.1', 53)],
  ])('ER-06 picks the class by the form of %s', (host, expected) => {
    const address = internetAddress('UDP', host, 53)
    expect(address.constructor).toBe(expected.constructor)
    expect(address.equals(expected)).toBe(true)
  })
})
