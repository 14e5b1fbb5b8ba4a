import { describe, expect, it } from 'vitest'
import { parseAddress } from '../src/parse-address.ts'

describe('parseAddress', () => {
  it.each([
    ['tcp:127.0.0.1:8080', { type: 'TCP', host: '127.0.0.1', port: 8080 }],
    ['udp:carbon:2003', { type: 'UDP', host: 'carbon', port: 2003 }],
    ['TCP:Feed.Example:0', { type: 'TCP', host: 'Feed.Example', port: 0 }],
    ['tcp:[::1]:65535', { type: 'TCP', host: '::1', port: 65535 }],
    ['tcp::80', { type: 'TCP', host: '', port: 80 }],
  ])('reads %s', (text, expected) => {
    expect(parseAddress(text)).toEqual(expected)
  })

  it.each([
    '',
    'tcp',
    'tcp:host',
    'tcp:host:',
    'tcp:host:http',
    'tcp:host:65536',
    'tcp:host:-1',
    'tcp:host:80:81',
    'tcp:::1:80',
    'tcp:[host]:80',
    'tcp:[127.0.0.1]:80',
    'tcp:[::1:80',
    'sctp:host:80',
    ' tcp:host:80',
  ])('refuses %j, and says so', (text) => {
    expect(() => parseAddress(text)).toThrow(
      expect.objectContaining({
        code: 'ERR_SENNIT_INVALID_ADDRESS',
        address: text,
        message: expect.stringContaining(JSON.stringify(text)) as string,
      }),
    )
  })
})
