import { describe, expect, it } from 'vitest'
import { ConnectError, SSLError } from '../src/connect-errors.ts'
import { sslErrorFrom, StartTLSError, TLSOptionsError } from '../src/tls-errors.ts'
import { nodeError } from './node-error.ts'

describe('TLSOptionsError', () => {
  it('names the option, and what Node says of it', () => {
    const cause = new Error('key values mismatch')
    const error = new TLSOptionsError('listen', 'key', "the key of 'cert'", cause)
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({
      name: 'TLSOptionsError',
      code: 'ERR_SENNIT_TLS_OPTIONS',
      option: 'key',
      message: "Cannot listen: 'key' must be the key of 'cert' (key values mismatch)",
      cause,
    })
  })

  it('has no cause when there is none', () => {
    const error = new TLSOptionsError('listen', 'key', 'given')
    expect(error.message).toBe("Cannot listen: 'key' must be given")
    expect('cause' in error).toBe(false)
  })
})

describe('StartTLSError', () => {
  it('says why', () => {
    expect(new StartTLSError('it is private already')).toMatchObject({
      name: 'StartTLSError',
      code: 'ERR_SENNIT_START_TLS',
      message: 'Cannot make the connection private: it is private already',
    })
  })
})

describe('sslErrorFrom', () => {
  it("ER-01 keeps Node's code and error", () => {
    const cause = Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' })
    const error = sslErrorFrom(cause)
    expect(error).toBeInstanceOf(ConnectError)
    expect(error).toMatchObject({
      name: 'SSLError',
      code: 'CERT_HAS_EXPIRED',
      message: 'Cannot connect securely: certificate has expired',
      cause,
    })
  })

  it('ER-01 leaves an SSLError as it is, and gives one a code that has none', () => {
    const error = new SSLError('the handshake took too long')
    expect(sslErrorFrom(error)).toBe(error)
    expect(sslErrorFrom(new Error('what'))).toMatchObject({ code: 'ERR_SENNIT_SSL' })
  })

  it('says of a connection that ended that it ended during the handshake', () => {
    expect(sslErrorFrom(nodeError('ECONNRESET'))).toMatchObject({
      code: 'ECONNRESET',
      message: 'Cannot connect securely: the other side ended the connection during the handshake',
    })
  })
})
