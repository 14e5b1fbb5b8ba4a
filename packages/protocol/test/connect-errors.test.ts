import { describe, expect, it } from 'vitest'
import * as errors from '../src/connect-errors.ts'
import { ConnectionTimeoutError, connectErrorFrom, ConnectError, UserError } from '../src/connect-errors.ts'
import type { SystemErrorFields } from '../src/system-error.ts'
import { nodeError } from './node-error.ts'

describe('errors of connecting', () => {
  it.each([
    ['ConnectError', 'ERR_SENNIT_CONNECT'],
    ['ConnectBindError', 'EADDRNOTAVAIL'],
    ['UnknownHostError', 'ENOTFOUND'],
    ['NoRouteError', 'EHOSTUNREACH'],
    ['ConnectionRefusedError', 'ECONNREFUSED'],
    ['TCPTimedOutError', 'ETIMEDOUT'],
    ['BadFileError', 'ENOTSOCK'],
    ['ServiceNameUnknownError', 'ERR_SENNIT_SERVICE_NAME'],
    ['SSLError', 'ERR_SENNIT_SSL'],
    ['UserError', 'ERR_SENNIT_USER'],
    ['ConnectionTimeoutError', 'ETIMEDOUT'],
  ] as const)('ER-01 %s is a ConnectError', (name, code) => {
    const error = new errors[name]()
    expect(error).toBeInstanceOf(ConnectError)
    expect(error).toMatchObject({ name, code })
    expect(error.message).toMatch(/^Cannot connect/)
  })

  it('ER-01 only a timeout is a kind of a kind: a UserError', () => {
    const kinds = Object.values(errors).filter((each) => each.prototype instanceof ConnectError)
    expect(kinds).toHaveLength(10)
    for (const kind of kinds) {
      expect(Object.getPrototypeOf(kind), kind.name).toBe(
        kind === ConnectionTimeoutError ? UserError : ConnectError,
      )
    }
  })

  it('ER-03 says what happened in general, then in particular', () => {
    const { sentence } = errors.NoRouteError
    expect(new errors.NoRouteError().message).toBe(sentence)
    expect(new errors.NoRouteError('to 10.0.0.1').message).toBe(`${sentence}: to 10.0.0.1`)
  })

  it('ER-02 takes the fields of the system', () => {
    const cause = new Error('why')
    const error = new errors.NoRouteError('', { code: 'ENETUNREACH', errno: -101, cause })
    expect(error).toMatchObject({ code: 'ENETUNREACH', errno: -101, cause })
    expect('syscall' in error).toBe(false)
  })
})

describe('connectErrorFrom', () => {
  const address = { address: '10.0.0.1', port: 80, syscall: 'connect' }
  const path = { address: '/run/x.sock', syscall: 'connect' }
  it.each<[code: string, fields: Partial<SystemErrorFields>, name: string]>([
    ['ECONNREFUSED', address, 'ConnectionRefusedError'],
    ['ENETUNREACH', address, 'NoRouteError'],
    ['EHOSTUNREACH', address, 'NoRouteError'],
    ['ENETDOWN', address, 'NoRouteError'],
    ['EHOSTDOWN', address, 'NoRouteError'],
    ['ETIMEDOUT', address, 'TCPTimedOutError'],
    ['EADDRNOTAVAIL', address, 'ConnectBindError'],
    ['EADDRINUSE', { syscall: 'bind' }, 'ConnectBindError'],
    ['EACCES', { syscall: 'bind', port: 1 }, 'ConnectBindError'],
    ['EACCES', path, 'BadFileError'],
    ['EPERM', path, 'BadFileError'],
    ['EACCES', address, 'ConnectError'],
    ['ENOENT', path, 'BadFileError'],
    ['ENOTSOCK', path, 'BadFileError'],
    ['ENOTDIR', path, 'BadFileError'],
    ['EPROTOTYPE', path, 'BadFileError'],
    ['ECONNREFUSED', path, 'ConnectionRefusedError'],
    ['ENOTFOUND', { syscall: 'getaddrinfo' }, 'UnknownHostError'],
    ['ENODATA', { syscall: 'queryA' }, 'UnknownHostError'],
    ['EAI_AGAIN', { syscall: 'getaddrinfo' }, 'UnknownHostError'],
    ['EPROTO', {}, 'SSLError'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', {}, 'SSLError'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', {}, 'SSLError'],
    ['CERT_HAS_EXPIRED', {}, 'SSLError'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', {}, 'SSLError'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', {}, 'SSLError'],
    ['EMFILE', address, 'ConnectError'],
  ])('ER-02 makes of %s with %j a %s', (code, fields, name) => {
    const cause = nodeError(code, { errno: -1, ...fields })
    const error = connectErrorFrom(cause)
    expect(error).toMatchObject({ name, code, errno: -1, ...fields, cause })
    expect(error).toBeInstanceOf(ConnectError)
    expect(error.message).toContain(cause.message)
  })

  it('ER-02 makes a plain ConnectError of an error without a code', () => {
    const cause = new Error('odd')
    expect(connectErrorFrom(cause)).toMatchObject({ name: 'ConnectError', code: 'ERR_SENNIT_CONNECT', cause })
  })

  it('leaves an error of this package as it is', () => {
    const error = new ConnectionTimeoutError()
    expect(connectErrorFrom(error)).toBe(error)
  })

  it.each([
    [['ENETUNREACH', 'ECONNREFUSED'], 'ECONNREFUSED'],
    [['ETIMEDOUT', 'EHOSTUNREACH'], 'ETIMEDOUT'],
    [['EACCES', 'ENETUNREACH'], 'ENETUNREACH'],
    [['EMFILE', 'EACCES'], 'EMFILE'],
  ])('ER-02 takes the most telling of %j', (codes, telling) => {
    const all = new AggregateError(codes.map((code) => nodeError(code, { address: code })))
    const error = connectErrorFrom(Object.assign(all, { code: codes[0] }))
    expect(error).toMatchObject({ code: telling, address: telling, cause: all })
  })

  it('ER-02 takes an AggregateError itself when it holds no error', () => {
    const error = connectErrorFrom(Object.assign(new AggregateError([]), { code: 'ETIMEDOUT' }))
    expect(error).toMatchObject({ name: 'TCPTimedOutError', code: 'ETIMEDOUT' })
  })

  it('has the stack of what Node said alone', () => {
    const cause = new Error('connect ECONNREFUSED')
    expect(connectErrorFrom(cause)).toMatchObject({ cause, stack: expect.not.stringContaining('\n') })
    expect(cause.stack).toContain('\n')
  })
})
