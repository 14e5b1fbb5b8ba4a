import { createPrivateKey, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { authority } from '../../../src/index.ts'
import { credentialsOf } from '../../../src/world/tls/tls-credentials.ts'

const known = authority('known')
const mine = known.issue('a.example')
const other = known.issue('b.example')
const wrong = (option: string) => expect.objectContaining({ code: 'ERR_SENNIT_TLS_OPTIONS', option })

describe('credentialsOf', () => {
  it('reads PEM, as text and as bytes, with what stands behind it', () => {
    const chain = mine.cert + known.cert
    const read = credentialsOf('listen', { key: mine.key, cert: Buffer.from(chain), ca: [known.cert] })
    expect(read.chain).toHaveLength(2)
    expect(read.trusted).toHaveLength(1)
    expect(read.versions).toEqual(['TLSv1.2', 'TLSv1.3'])
  })

  it.each(['pkcs8', 'sec1'] as const)('reads DER, the key as %s', (type) => {
    const key = createPrivateKey(mine.key).export({ format: 'der', type })
    const { raw } = new X509Certificate(mine.cert)
    expect(credentialsOf('listen', { key, cert: raw, ca: raw }).chain).toHaveLength(1)
  })

  it('opens a key with its passphrase', () => {
    const key = createPrivateKey(mine.key).export({
      format: 'pem',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase: 'open',
    }) as string
    expect(() => credentialsOf('listen', { key, cert: mine.cert, passphrase: 'no' })).toThrow(wrong('key'))
    expect(credentialsOf('listen', { key, cert: mine.cert, passphrase: 'open' }).chain).toHaveLength(1)
  })

  it.each([
    ['key', { cert: mine.cert }],
    ['cert', { key: mine.key }],
    ['key', { key: other.key, cert: mine.cert }],
    ['key', { key: 'garbage', cert: mine.cert }],
    ['key', { key: Buffer.from([0x30, 0]), cert: mine.cert }],
    ['cert', { key: mine.key, cert: 'garbage' }],
    ['ca', { ca: 'garbage' }],
    ['ca', { ca: 7 as unknown as string }],
    ['ciphers', { ciphers: 'NO-SUCH-CIPHER' }],
    ['minVersion', { minVersion: 'TLSv1' as 'TLSv1.2' }],
    ['maxVersion', { maxVersion: 'SSLv3' as 'TLSv1.2' }],
    ['maxVersion', { minVersion: 'TLSv1.3' as const, maxVersion: 'TLSv1.2' as const }],
  ])('refuses a wrong %s', (option, credentials) => {
    expect(() => credentialsOf('listen', credentials)).toThrow(wrong(option))
  })
})
