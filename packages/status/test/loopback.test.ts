import { describe, expect, it } from 'vitest'
import { isEncrypted, onLoopback } from '../src/loopback.ts'

describe('onLoopback', () => {
  it.each([
    ['tcp:8127', 'tcp:8127:interface=127.0.0.1'],
    ['TCP:8127', 'TCP:8127:interface=127.0.0.1'],
    ['tcp:port=8127', 'tcp:port=8127:interface=127.0.0.1'],
    ['tcp6:8127', 'tcp6:8127:interface=[::1]'],
    ['tls:8127:privateKey=key.pem', 'tls:8127:privateKey=key.pem:interface=127.0.0.1'],
    [
      String.raw`ssl:8127:privateKey=/k\:interface=0.0.0.0`,
      String.raw`ssl:8127:privateKey=/k\:interface=0.0.0.0:interface=127.0.0.1`,
    ],
    [String.raw`ssl:8127:privateKey=/k\\`, String.raw`ssl:8127:privateKey=/k\\:interface=127.0.0.1`],
    ['haproxy:tcp:8127', 'haproxy:tcp:8127:interface=127.0.0.1'],
    ['haproxy:trusted=10.0.0.0/8:tcp:8127', 'haproxy:trusted=10.0.0.0/8:tcp:8127:interface=127.0.0.1'],
    [
      'haproxy:trusted=[fd00::1]:headerTimeout=5s:tcp:8127',
      'haproxy:trusted=[fd00::1]:headerTimeout=5s:tcp:8127:interface=127.0.0.1',
    ],
    [
      'HAProxy:haproxy:tls:8127:privateKey=k.pem',
      'HAProxy:haproxy:tls:8127:privateKey=k.pem:interface=127.0.0.1',
    ],
  ])('keeps %s on this machine', (endpoint, wanted) => {
    expect(onLoopback(endpoint)).toBe(wanted)
  })

  it.each([
    'tcp:8127:interface=0.0.0.0',
    'tcp:interface=10.0.0.1:port=8127',
    'tcp6:8127:interface=[::]',
    String.raw`tls:8127:privateKey=/k\\:interface=0.0.0.0`,
    'haproxy:trusted=10.0.0.0/8:tcp:8127:interface=10.0.0.1',
    'unix:/run/tcp:mode=660',
    'systemd:domain=INET:index=0',
    'fd:3',
    '',
  ])('leaves %s as it is', (endpoint) => {
    expect(onLoopback(endpoint)).toBe(endpoint)
  })
})

it('refuses what is no endpoint string', () => {
  expect(() => onLoopback('tcp:[::1')).toThrow(
    expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX' }),
  )
})

describe('isEncrypted', () => {
  it.each([
    ['tls:8127:privateKey=k.pem', true],
    ['SSL:8127', true],
    ['haproxy:trusted=10.0.0.0/8:tls:8127', true],
    ['tcp:8127', false],
    ['unix:/run/tls', false],
    ['[object Object]', false],
    ['', false],
  ])('%s: %s', (endpoint, wanted) => {
    expect(isEncrypted(endpoint)).toBe(wanted)
  })
})
