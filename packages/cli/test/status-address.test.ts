import { describe, expect, it } from 'vitest'
import { parseStatusAddress } from '../src/status-address.ts'

describe('parseStatusAddress', () => {
  const local = {
    text: 'http://127.0.0.1:8127/',
    secure: false,
    host: '127.0.0.1',
    port: 8127,
    path: '/tree.json',
  }

  it.each([
    ['http://127.0.0.1:8127/', local],
    ['http://127.0.0.1:8127', local],
    ['tcp:8127', local],
    ['tcp:127.0.0.1:8127', local],
    ['127.0.0.1:8127', local],
    ['8127', local],
    [
      'web.example:80',
      { text: 'http://web.example/', secure: false, host: 'web.example', port: 80, path: '/tree.json' },
    ],
    ['[::1]:81', { text: 'http://[::1]:81/', secure: false, host: '::1', port: 81, path: '/tree.json' }],
    ['tcp:[::1]:81', { text: 'http://[::1]:81/', secure: false, host: '::1', port: 81, path: '/tree.json' }],
    [
      'https://a.example/x/y',
      { text: 'https://a.example/x/y', secure: true, host: 'a.example', port: 443, path: '/x/y/tree.json' },
    ],
    [
      'http://a.example/x/',
      { text: 'http://a.example/x/', secure: false, host: 'a.example', port: 80, path: '/x/tree.json' },
    ],
    [
      'http://me:p%40ss@a.example:1/',
      {
        text: 'http://a.example:1/',
        secure: false,
        host: 'a.example',
        port: 1,
        auth: 'me:p@ss',
        path: '/tree.json',
      },
    ],
    [
      'unix:/run/x.sock',
      { text: 'unix:/run/x.sock', secure: false, socketPath: '/run/x.sock', path: '/tree.json' },
    ],
    [
      'unix:address=/run/x.sock',
      { text: 'unix:address=/run/x.sock', secure: false, socketPath: '/run/x.sock', path: '/tree.json' },
    ],
  ])('reads %s', (text, address) => {
    expect(parseStatusAddress(text)).toEqual(address)
  })

  it.each([
    '',
    'web.example',
    'ftp://x:1/',
    'tcp:',
    'tcp:a:b',
    'a b:80',
    '70000',
    'http://',
    'unix:',
    '::1:80',
    'user@host:1',
  ])('refuses %j, and says what it expects', (text) => {
    expect(() => parseStatusAddress(text)).toThrow(
      expect.objectContaining({
        code: 'ERR_SENNIT_USAGE',
        message: expect.stringContaining("expected 'http://HOST:PORT/'"),
      }),
    )
  })
})
