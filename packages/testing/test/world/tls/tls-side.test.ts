import { describe, expect, it } from 'vitest'
import type { TLSClientOptions, TLSServerOptions } from '@sennit/interfaces'
import { authority } from '../../../src/index.ts'
import type { HandshakeFailure } from '../../../src/world/tls/tls-errors.ts'
import { TLSClient, TLSServer } from '../../../src/world/tls/tls-side.ts'

const NOW = Date.UTC(2026, 0) / 1000
const known = authority('known')
const mine = known.issue('a.example', { names: ['a.example', '192.0.2.1'] })
const trust = { ca: known.cert }

/** Lets two sides talk. */
function handshake(server: TLSServerOptions, client: TLSClientOptions, host = 'a.example') {
  const one = new TLSClient('connect', client, host).side(() => NOW)
  const other = new TLSServer('listen', server).side(() => NOW)
  const known: { client?: unknown; server?: unknown } = {}
  const tell = (to: 'client' | 'server', message: object): void => {
    const side = to === 'client' ? one : other
    const answer = (next: object) => tell(to === 'client' ? 'server' : 'client', next)
    try {
      const info = side.hear(JSON.parse(JSON.stringify(message)) as never, answer)
      if (info !== undefined) known[to] = info
    } catch (failure) {
      known[to] = (failure as HandshakeFailure).error
    }
  }
  tell('server', one.begin()!)
  return known
}

describe('a handshake', () => {
  it('tells both sides what they have agreed on', () => {
    const { client, server } = handshake(
      { ...mine, ALPNProtocols: ['b', 'a'] },
      { ...trust, ALPNProtocols: ['a', 'b'] },
    )
    expect(client).toMatchObject({
      version: 'TLSv1.3',
      alpnProtocol: 'b',
      authorized: true,
      servername: 'a.example',
      peerCertificate: expect.any(Buffer),
    })
    expect(server).toEqual({
      version: 'TLSv1.3',
      alpnProtocol: 'b',
      authorized: false,
      servername: 'a.example',
      peerCertificate: undefined,
    })
  })

  it('checks an address, and does not tell it', () => {
    const { client } = handshake(mine, trust, '192.0.2.1')
    expect(client).toMatchObject({ authorized: true, servername: undefined })
  })

  it('checks the name as it is asked for', () => {
    expect(handshake(mine, trust, 'A.Example.').client).toMatchObject({ authorized: true })
  })

  it.each([
    ['a name that the certificate is not for', mine, trust, 'b.example', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['an authority that is not trusted', mine, {}, 'a.example', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const)(
    'fails for the client with %s, unless it does not check',
    (_what, server, client, host, code) => {
      expect(handshake(server, client, host).client).toMatchObject({ code })
      const info = handshake(server, { ...client, rejectUnauthorized: false }, host).client
      expect(info).toMatchObject({ authorized: false, version: 'TLSv1.3' })
    },
  )

  it.each([
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', { ...mine, minVersion: 'TLSv1.3' }, { maxVersion: 'TLSv1.2' }],
    ['ERR_SSL_NO_APPLICATION_PROTOCOL', { ...mine, ALPNProtocols: ['a'] }, { ALPNProtocols: ['b'] }],
    [
      'ERR_SSL_NO_SHARED_CIPHER',
      { ...mine, maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
      { ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
    ],
    ['ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM', { serverNames: { 'b.example': mine } }, {}],
    ['ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE', { ...mine, ...trust, requestCert: true }, {}],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', { ...mine, requestCert: true }, known.issue('me', { names: [] })],
  ] as const)('fails for the server with %s', (code, server, client) => {
    expect(handshake(server, { ...trust, ...client }).server).toMatchObject({ code })
  })

  it('shows the server who the client is', () => {
    const server = { ...mine, ...trust, requestCert: true }
    const client = { ...trust, ...known.issue('me', { names: [] }) }
    expect(handshake(server, client).server).toMatchObject({
      authorized: true,
      peerCertificate: expect.any(Buffer),
    })
    expect(handshake({ ...server, rejectUnauthorized: false }, trust).server).toMatchObject({
      authorized: false,
    })
  })

  it('picks the certificate by the name, an exact one first', () => {
    const server = {
      ...known.issue('fallback.example'),
      serverNames: { '*.wild.example': known.issue('*.wild.example'), 'a.example': mine },
    }
    for (const host of ['a.example', 'b.wild.example', 'fallback.example'])
      expect(handshake(server, trust, host).client).toMatchObject({ authorized: true })
    expect(handshake(server, trust, 'a.b.wild.example').client).toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
  })
})

describe('options of TLS', () => {
  const wrong = (option: string) => expect.objectContaining({ code: 'ERR_SENNIT_TLS_OPTIONS', option })

  it.each([
    ['cert', {}],
    ['ALPNProtocols', { ...mine, ALPNProtocols: [''] }],
    ['serverNames["a b"]', { ...mine, serverNames: { 'a b': mine } }],
    ['serverNames["a"]', { ...mine, serverNames: { a: {} } }],
  ])('refuse a wrong %s of a server', (option, options) => {
    expect(() => new TLSServer('listen', options)).toThrow(wrong(option))
  })

  it('refuse a client that does not know whose certificate it expects', () => {
    expect(() => new TLSClient('start TLS', {}, undefined)).toThrow(wrong('servername'))
    expect(() => new TLSClient('start TLS', { servername: '' }, 'a')).toThrow(wrong('servername'))
    expect(new TLSClient('start TLS', { rejectUnauthorized: false }, undefined)).toBeDefined()
  })
})
