import { describe, expect, it } from 'vitest'
import { alpnProtocols, isWildcard, peerName } from '../src/tls-names.ts'

describe('isWildcard', () => {
  it.each(['a', 'a.example', '*.a.example', 'xn--mller-kva.example', 'a_b.example', 'constructor'])(
    'takes %s',
    (name) => {
      expect(isWildcard(name)).toBe(true)
    },
  )

  it.each([
    '',
    '*',
    'a.*.example',
    '*a.example',
    'a b',
    'müller.example',
    'a..b',
    '.a',
    'a.',
    '127.0.0.1',
    '::1',
  ])('does not take %j', (name) => {
    expect(isWildcard(name)).toBe(false)
  })
})

describe('peerName', () => {
  it.each([
    ['a.example', { host: 'a.example', servername: 'a.example' }],
    ['a.example.', { host: 'a.example', servername: 'a.example' }],
    ['Müller.example', { host: 'xn--mller-kva.example', servername: 'xn--mller-kva.example' }],
    ['with_underscore.example', { host: 'with_underscore.example', servername: 'with_underscore.example' }],
    ['127.0.0.1', { host: '127.0.0.1' }],
    ['::1', { host: '::1' }],
  ])('asks for, and checks, %s', (name, wanted) => {
    expect(peerName(name)).toEqual(wanted)
  })
})

describe('alpnProtocols', () => {
  it('gives them as an option of Node', () => {
    expect(alpnProtocols('listen', undefined)).toEqual({})
    expect(alpnProtocols('listen', [])).toEqual({})
    expect(alpnProtocols('listen', ['h2', 'x'.repeat(255)])).toEqual({
      ALPNProtocols: ['h2', 'x'.repeat(255)],
    })
  })

  it.each([[['']], [['x'.repeat(256)]], ['h2'], [[1]], [null]])('refuses %j', (protocols) => {
    expect(() => alpnProtocols('listen', protocols as string[])).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_TLS_OPTIONS', option: 'ALPNProtocols' }),
    )
  })
})
