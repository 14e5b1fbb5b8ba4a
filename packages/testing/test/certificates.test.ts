import { createPrivateKey, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { authority } from '../src/certificates.ts'

describe('authority', () => {
  const ca = authority('An authority')
  const root = new X509Certificate(ca.cert)

  it('certifies itself', () => {
    expect(root.subject).toBe('CN=An authority')
    expect(root.issuer).toBe('CN=An authority')
    expect(root.ca).toBe(true)
    expect(root.verify(root.publicKey)).toBe(true)
    expect(root.checkPrivateKey(createPrivateKey(ca.key))).toBe(true)
  })

  it('issues certificates for names and addresses', () => {
    const names = ['localhost', '*.wild.example', '127.0.0.1', '::1', '2001:db8::1:2', '::', 'fe80::']
    const { cert, key } = ca.issue('localhost', { names })
    const issued = new X509Certificate(cert)
    expect(issued.checkIssued(root)).toBe(true)
    expect(issued.verify(root.publicKey)).toBe(true)
    expect(issued.checkPrivateKey(createPrivateKey(key))).toBe(true)
    expect(issued.ca).toBe(false)
    expect(issued.checkHost('localhost')).toBe('localhost')
    expect(issued.checkHost('a.wild.example')).toBe('*.wild.example')
    expect(issued.checkHost('elsewhere.example')).toBeUndefined()
    for (const address of ['127.0.0.1', '::1', '2001:db8::1:2', '::', 'fe80::']) {
      expect(issued.checkIP(address)).toBe(address)
    }
    expect(issued.checkIP('127.0.0.2')).toBeUndefined()
  })

  it('gives a certificate its own name unless told others', () => {
    expect(new X509Certificate(ca.issue('one.example').cert).subjectAltName).toBe('DNS:one.example')
    expect(new X509Certificate(ca.issue('a client', { names: [] }).cert).subjectAltName).toBeUndefined()
  })

  it('issues certificates that are good for long, or have run out', () => {
    expect(new X509Certificate(ca.issue('x').cert).validTo).toBe('Jan  1 00:00:00 2999 GMT')
    expect(new X509Certificate(ca.issue('x', { until: 2001 }).cert).validTo).toBe('Jan  1 00:00:00 2001 GMT')
  })

  it('gives each certificate a number of its own', () => {
    const numbers = Array.from({ length: 3 }, () => new X509Certificate(ca.issue('x').cert).serialNumber)
    expect(new Set(numbers).size).toBe(3)
  })

  it('writes certificates of every length', () => {
    for (let length = 1; length <= 64; length++) {
      const name = 'x'.repeat(length)
      expect(new X509Certificate(ca.issue(name).cert).subject).toBe(`CN=${name}`)
    }
  })
})
