import { describe, expect, it } from 'vitest'
import type { TLSServerOptions } from '@sennit/interfaces'
import { TLSAcceptor } from '../src/tls-acceptor.ts'
import { client, server } from './tls-kit.ts'

describe('TLSAcceptor', () => {
  it.each<[what: string, tls: TLSServerOptions]>([
    ['a certificate', server],
    ['several', { ...server, serverNames: { 'a.example': client, '*.b.example': server } }],
    ['only some for names', { serverNames: { 'a.example': server } }],
    ['protocols', { ...server, ALPNProtocols: ['h2', 'http/1.1'] }],
    ['no protocols', { ...server, ALPNProtocols: [] }],
  ])('takes %s', (_what, tls) => {
    expect(new TLSAcceptor('listen', tls)).toBeInstanceOf(TLSAcceptor)
  })

  it.each<[option: string, tls: TLSServerOptions]>([
    ['cert', {}],
    ['cert', { serverNames: {} }],
    ['cert', { key: server.key }],
    ['key', { ...server, key: client.key }],
    ['serverNames["a b"]', { ...server, serverNames: { 'a b': client } }],
    ['serverNames["127.0.0.1"]', { ...server, serverNames: { '127.0.0.1': client } }],
    ['serverNames["a"]', { ...server, serverNames: { a: { cert: client.cert } } }],
    ['key', { ...server, serverNames: { a: { cert: client.cert, key: server.key } } }],
    ['ALPNProtocols', { ...server, ALPNProtocols: [''] }],
  ])('refuses a wrong %s', (option, tls) => {
    expect(() => new TLSAcceptor('listen', tls)).toThrow(
      expect.objectContaining({ name: 'TLSOptionsError', code: 'ERR_SENNIT_TLS_OPTIONS', option }),
    )
  })

  it('looks at the names that an object has itself', () => {
    const inherited = Object.create({ 'a b': client }) as Record<string, typeof client>
    expect(new TLSAcceptor('listen', { ...server, serverNames: inherited })).toBeInstanceOf(TLSAcceptor)
    const own = JSON.parse('{"__proto__": {}}') as Record<string, object>
    expect(() => new TLSAcceptor('listen', { ...server, serverNames: own })).toThrow(
      'serverNames["__proto__"]',
    )
  })
})
