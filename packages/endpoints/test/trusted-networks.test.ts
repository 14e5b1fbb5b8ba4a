import { HostnameAddress, internetAddress, UNIXAddress } from '@sennit/protocol'
import { describe, expect, it } from 'vitest'
import { TrustedNetworks } from '../src/trusted-networks.ts'

const at = (host: string) => internetAddress('TCP', host, 80)

describe('TrustedNetworks', () => {
  it.each<[readonly string[] | undefined, string, boolean]>([
    [undefined, '127.0.0.1', true],
    [undefined, '127.255.0.9', true],
    [undefined, '::1', true],
    [undefined, '::ffff:127.0.0.1', true],
    [undefined, '10.0.0.1', false],
    [undefined, '0.0.0.0', false],
    [undefined, '::', false],
    [undefined, '2001:db8::1', false],
    [['10.0.0.0/8'], '10.1.2.3', true],
    [['10.0.0.0/8'], '::ffff:10.1.2.3', true],
    [['10.0.0.0/8'], '11.0.0.1', false],
    [['10.0.0.0/8'], '127.0.0.1', false],
    [['10.0.0.7'], '10.0.0.7', true],
    [['10.0.0.7'], '10.0.0.8', false],
    [['fd00::/8', '10.0.0.7/32'], 'fd12::1', true],
    [['fd00::/8', '10.0.0.7/32'], '10.0.0.7', true],
    [['fd00::/8', '10.0.0.7/32'], 'fe80::1', false],
    [['0.0.0.0/0', '::/0'], '192.0.2.1', true],
    [['0.0.0.0/0', '::/0'], '2001:db8::1', true],
    [[], '127.0.0.1', false],
  ])('EP-62 of %j, has %s: %s', (networks, host, expected) => {
    expect(new TrustedNetworks(networks).has(at(host))).toBe(expected)
  })

  it('has every UNIX socket, and no name', () => {
    expect(new TrustedNetworks([]).has(new UNIXAddress(''))).toBe(true)
    expect(new TrustedNetworks(['0.0.0.0/0']).has(new HostnameAddress('localhost', 80))).toBe(false)
  })

  it.each([
    '',
    'localhost',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/x',
    '10/8',
    '/8',
    'fe80::1%eth0',
    '1.2.3.4/8/8',
  ])('refuses %j', (network) => {
    expect(() => new TrustedNetworks([network])).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_OPTION', option: 'trusted' }),
    )
  })
})
