import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { TLSCredentials } from '@sennit/interfaces'
import { describe, expect, it } from 'vitest'
import { built, contextOptions, secureContext } from '../src/tls-credentials.ts'
import { ca, client, server } from './tls-kit.ts'

const der = new X509Certificate(server.cert).raw
const key = createPrivateKey(server.key)
const secret = key.export({
  format: 'pem',
  type: 'pkcs8',
  cipher: 'aes-256-cbc',
  passphrase: 'open',
}) as string
const secretDER = key.export({ format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'open' })

describe('secureContext', () => {
  it.each<[what: string, tls: TLSCredentials]>([
    ['nothing', {}],
    ['PEM', server],
    ['PEM in bytes', { key: Buffer.from(server.key), cert: new TextEncoder().encode(server.cert) }],
    ['a certificate in DER', { ...server, cert: der }],
    ['a key in DER, by PKCS #8', { ...server, key: key.export({ format: 'der', type: 'pkcs8' }) }],
    ['a key in DER, by SEC 1', { ...server, key: key.export({ format: 'der', type: 'sec1' }) }],
    ['a key with a passphrase', { ...server, key: secret, passphrase: 'open' }],
    ['a key in DER with a passphrase', { ...server, key: secretDER, passphrase: 'open' }],
    ['a chain', { ...server, cert: server.cert + ca.cert }],
    ['an authority', { ca: ca.cert }],
    ['authorities, in PEM and in DER', { ca: [ca.cert, der] }],
    ['no authority', { ca: [] }],
    ['both versions', { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' }],
    ['the older version only', { maxVersion: 'TLSv1.2' }],
    ['ciphers', { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }],
    ['parameters for Diffie and Hellman', { dhparam: 'auto' }],
  ])('takes %s', (_what, tls) => {
    expect(secureContext('listen', tls).context).toBeDefined()
  })

  it.each<[option: string, wanted: string, tls: object]>([
    ['key', "given with 'cert'", { cert: server.cert }],
    ['cert', "given with 'key'", { key: server.key }],
    ['key', "the key of 'cert'", { ...server, key: client.key }],
    ['cert', 'a certificate in PEM or DER', { ...server, cert: 'garbage' }],
    ['cert', 'a certificate in PEM or DER', { ...server, cert: '' }],
    ['cert', 'a certificate in PEM or DER', { ...server, cert: 1 }],
    ['cert', 'a certificate in PEM or DER', { ...server, cert: der.subarray(0, 100) }],
    ['key', 'a private key in PEM or DER', { ...server, key: 'garbage' }],
    ['key', 'a private key in PEM or DER', { ...server, key: null }],
    ['key', 'a private key in PEM or DER', { ...server, key: Buffer.from([0x30, 1, 2, 3]) }],
    ['key', 'a private key in PEM or DER', { ...server, key: secret }],
    ['key', 'a private key in PEM or DER', { ...server, key: secret, passphrase: 'wrong' }],
    ['key', 'a private key in PEM or DER', { ...server, key: secretDER, passphrase: 'wrong' }],
    ['ca', 'a certificate in PEM or DER', { ca: 'garbage' }],
    ['ca', 'a certificate in PEM or DER', { ca: [ca.cert, 'garbage'] }],
    ['ca', 'a certificate in PEM or DER', { ca: [7] }],
    ['minVersion', "'TLSv1.2' or 'TLSv1.3'", { minVersion: 'TLSv1.1' }],
    ['maxVersion', "'TLSv1.2' or 'TLSv1.3'", { maxVersion: 'TLSv1' }],
    ['maxVersion', "'minVersion' or newer", { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' }],
    ['ciphers', "ciphers in OpenSSL's form", { ciphers: 'NO-SUCH-CIPHER' }],
    ['dhparam', "'auto', or parameters in PEM or DER", { dhparam: 'garbage' }],
  ])('ER-01 refuses a wrong %s: it must be %s', (option, wanted, tls) => {
    let thrown: unknown
    try {
      secureContext('listen', tls as TLSCredentials)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ name: 'TLSOptionsError', code: 'ERR_SENNIT_TLS_OPTIONS', option })
    expect((thrown as Error).message).toContain(`Cannot listen: '${option}' must be ${wanted}`)
    expect((thrown as Error).message).not.toMatch(/BEGIN|wrong$/)
  })

  it('takes nothing below TLS 1.2 unless told what is not allowed', () => {
    expect(contextOptions('listen', {})).toEqual({ minVersion: 'TLSv1.2' })
  })

  it('blames the certificate for what OpenSSL says of nothing else', () => {
    const fail = () => {
      throw new Error('ee key too small')
    }
    expect(() => built('listen', {}, fail)).toThrow(
      "Cannot listen: 'cert' must be a certificate that can be used (ee key too small)",
    )
  })
})
