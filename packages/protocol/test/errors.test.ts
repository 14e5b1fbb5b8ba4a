import { describe, expect, it } from 'vitest'
import * as errors from '../src/errors.ts'
import { HostnameAddress } from '../src/addresses.ts'
import { ConnectError } from '../src/connect-errors.ts'
import { nodeError } from './node-error.ts'

const { BindError, CannotListenError, DNSLookupError } = errors

describe('errors of wrong use', () => {
  it.each([
    [new errors.AlreadyConnectedError(), 'ERR_SENNIT_ALREADY_CONNECTED', Error],
    [new errors.AlreadyListened(), 'ERR_SENNIT_ALREADY_LISTENED', Error],
    [new errors.BytesError('text'), 'ERR_SENNIT_BYTES', TypeError],
    [new errors.ConnectInProgressError(), 'ERR_SENNIT_CONNECT_IN_PROGRESS', Error],
    [new errors.ConnectingCancelledError(new HostnameAddress('carbon', 1)), 'ABORT_ERR', Error],
    [new errors.HandlerError('Cannot serve'), 'ERR_SENNIT_HANDLER', TypeError],
    [new errors.InvalidAddressError('x', 'why'), 'ERR_SENNIT_INVALID_ADDRESS', TypeError],
    [new errors.MessageLengthError(70_000), 'ERR_SENNIT_MESSAGE_LENGTH', RangeError],
    [new errors.MulticastJoinError('join', '239.1.2.3', ''), 'ERR_SENNIT_MULTICAST_JOIN', Error],
    [new errors.NoProtocolError(), 'ERR_SENNIT_NO_PROTOCOL', Error],
    [new errors.NotConnectingError(), 'ERR_SENNIT_NOT_CONNECTING', Error],
    [new errors.NotListeningError(), 'ERR_SENNIT_NOT_LISTENING', Error],
    [new errors.ProducerRegisteredError(), 'ERR_SENNIT_PRODUCER_REGISTERED', Error],
    [new errors.ReactorAlreadyInstalledError(), 'ERR_SENNIT_REACTOR_INSTALLED', Error],
    [new errors.ReactorAlreadyRunning(), 'ERR_SENNIT_REACTOR_ALREADY_RUNNING', Error],
    [new errors.ReactorNotRestartable(), 'ERR_SENNIT_REACTOR_NOT_RESTARTABLE', Error],
    [new errors.ReactorNotRunning(), 'ERR_SENNIT_REACTOR_NOT_RUNNING', Error],
    [
      new errors.ReactorOptionError('listen', 'port', 'an integer', '80'),
      'ERR_SENNIT_REACTOR_OPTION',
      TypeError,
    ],
    [new errors.UnsupportedAddressFamily('AX25'), 'ERR_SENNIT_ADDRESS_FAMILY', TypeError],
    [new errors.UnsupportedSocketType('SEQPACKET'), 'ERR_SENNIT_SOCKET_TYPE', TypeError],
  ])('ER-04 %s is a kind of its own', (error, code, base) => {
    expect(error.code).toBe(code)
    expect(error).toBeInstanceOf(base)
    expect(error.name).toBe(error.constructor.name)
    expect(error.message).not.toMatch(/\.$|undefined/)
  })

  it('ER-04 keeps what was wrong as data', () => {
    const address = new HostnameAddress('carbon', 2003)
    const cause = new Error('stop')
    expect(new errors.ConnectingCancelledError(address, { cause })).toMatchObject({ address, cause })
    expect(new errors.InvalidAddressError('x:1', 'why')).toMatchObject({
      address: 'x:1',
      message: 'Cannot use the address "x:1": why',
    })
    expect(new errors.MessageLengthError(70_000)).toMatchObject({ length: 70_000 })
    expect(new errors.ReactorOptionError('listen', 'port', 'an integer from 0 to 65535', '80')).toMatchObject(
      {
        option: 'port',
        message: "Cannot listen: 'port' must be an integer from 0 to 65535, got '80'",
      },
    )
  })

  it('says how to make bytes of text', () => {
    expect(new errors.BytesError('text').message).toMatch(/got a string; Buffer.from\(text\)/)
    expect(new errors.BytesError(null).message).toMatch(/got null$/)
  })
})

describe('CannotListenError', () => {
  const cause = nodeError('EADDRINUSE', { syscall: 'listen', address: '127.0.0.1', port: 80, errno: -98 })

  it.each([
    ['127.0.0.1', 80, 'Cannot listen on 127.0.0.1:80: listen EADDRINUSE'],
    ['', 80, 'Cannot listen on any:80: listen EADDRINUSE'],
    ['::1', 80, 'Cannot listen on [::1]:80: listen EADDRINUSE'],
    ['', '/run/x.sock', 'Cannot listen on /run/x.sock: listen EADDRINUSE'],
  ])('ER-03 names the interface %j and the port %s', (host, port, message) => {
    const error = new CannotListenError(host, port, cause)
    expect(error.message).toBe(message)
    expect(error).toMatchObject({ interface: host, port, cause })
  })

  it('ER-01 ER-02 is a BindError that keeps the fields of Node', () => {
    const error = new CannotListenError('127.0.0.1', 80, cause)
    expect(error).toBeInstanceOf(BindError)
    expect(error).toMatchObject({ code: 'EADDRINUSE', errno: -98, syscall: 'listen', address: '127.0.0.1' })
  })

  it('has a code of its own when there is no cause', () => {
    const error = new CannotListenError('', 80)
    expect(error).toMatchObject({ code: 'ERR_SENNIT_BIND', message: 'Cannot listen on any:80' })
    expect('cause' in error).toBe(false)
  })
})

describe('DNSLookupError', () => {
  it('ER-01 is no ConnectError', () => {
    expect(new DNSLookupError('carbon')).not.toBeInstanceOf(ConnectError)
  })

  it('names the host', () => {
    expect(new DNSLookupError('carbon')).toMatchObject({ code: 'ENOTFOUND', hostname: 'carbon' })
    expect(new DNSLookupError('carbon').message).toBe('Cannot resolve "carbon": it has no address')
  })

  it('ER-02 keeps the fields of Node', () => {
    const cause = nodeError('EAI_AGAIN', { syscall: 'getaddrinfo', errno: -3001 })
    const error = new DNSLookupError('carbon', cause)
    expect(error).toMatchObject({ code: 'EAI_AGAIN', syscall: 'getaddrinfo', errno: -3001, cause })
  })
})

describe('MulticastJoinError', () => {
  it('PR-31 says which group and interface, and keeps the fields of Node', () => {
    const cause = nodeError('ENODEV', { syscall: 'addMembership', errno: -19 })
    const error = new errors.MulticastJoinError('join', '239.1.2.3', '127.0.0.1', cause)
    expect(error.message).toBe('Cannot join the group 239.1.2.3 on 127.0.0.1: addMembership ENODEV')
    expect(error).toMatchObject({
      group: '239.1.2.3',
      interface: '127.0.0.1',
      code: 'ENODEV',
      errno: -19,
      syscall: 'addMembership',
      cause,
    })
  })

  it('has a code of its own when there is no cause', () => {
    const error = new errors.MulticastJoinError('leave', 'ff02::1', '')
    expect(error).toMatchObject({
      code: 'ERR_SENNIT_MULTICAST_JOIN',
      message: 'Cannot leave the group ff02::1',
    })
    expect('cause' in error).toBe(false)
  })
})
