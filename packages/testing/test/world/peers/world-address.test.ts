import { describe, expect, it } from 'vitest'
import { worldAddress } from '../../../src/world/peers/world-address.ts'

describe('worldAddress', () => {
  it.each([
    ['tcp:carbon:2003', { kind: 'tcp', host: 'carbon', port: 2003 }],
    ['TLS:[::1]:443', { kind: 'tls', host: '::1', port: 443 }],
    ['udp::53', { kind: 'udp', host: '', port: 53 }],
    ['unix:/run/a:b.sock', { kind: 'unix', path: '/run/a:b.sock' }],
  ])('reads %s', (text, expected) => {
    expect(worldAddress(text, 'tcp', 'tls', 'udp', 'unix')).toEqual(expected)
  })

  it.each(['carbon:2003', 'udp:a:1', 'tcp:a', 'tcp:a:b', ''])('refuses %j', (text) => {
    expect(() => worldAddress(text, 'tcp', 'unix')).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_INVALID_ADDRESS', address: expect.any(String) }),
    )
  })
})
