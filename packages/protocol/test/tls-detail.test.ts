import { describe, expect, it } from 'vitest'
import { connectErrorFrom } from '../src/connect-errors.ts'
import { connectionLostFrom } from '../src/connection-errors.ts'
import { handshakeDetail, tlsDetail } from '../src/tls-detail.ts'
import { nodeError } from './node-error.ts'

/** An error as Node makes it of one of OpenSSL's. */
function openSSLError(reason: string): Error {
  const code = `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`
  const message = `00E4:error:0A000460:SSL routines:ssl3_read_bytes:${reason}:../deps/openssl/ssl/record.c:1605:\n`
  return Object.assign(new Error(message), { code, library: 'SSL routines', reason })
}

describe('tlsDetail', () => {
  it.each([
    ['tlsv1 alert no application protocol', 'the other side refuses: no application protocol'],
    ['tlsv13 alert certificate required', 'the other side refuses: certificate required'],
    ['ssl/tls alert handshake failure', 'the other side refuses: handshake failure'],
    ['http request', 'the other side speaks HTTP, without TLS'],
    ['unsupported protocol', 'unsupported protocol'],
  ])('gives the reason of %j', (reason, detail) => {
    expect(tlsDetail(openSSLError(reason))).toBe(detail)
    expect(handshakeDetail(openSSLError(reason))).toBe(detail)
  })

  it('gives the message of any other error', () => {
    expect(tlsDetail(nodeError('ECONNRESET'))).toBe('connect ECONNRESET')
    expect(tlsDetail(Object.assign(new Error('as it is'), { reason: '' }))).toBe('as it is')
  })

  it('stands in the errors that are made of such an error', () => {
    const error = openSSLError('tlsv13 alert certificate required')
    const code = 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'
    expect(connectErrorFrom(error)).toMatchObject({
      name: 'SSLError',
      code,
      message: 'Cannot connect securely: the other side refuses: certificate required',
    })
    expect(connectionLostFrom(error)).toMatchObject({
      name: 'ConnectionLost',
      code,
      message: 'The connection was lost: the other side refuses: certificate required',
    })
  })
})
