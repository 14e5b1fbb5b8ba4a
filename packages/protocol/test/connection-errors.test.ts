import { isNativeError } from 'node:util/types'
import { describe, expect, it } from 'vitest'
import {
  ConnectionAborted,
  ConnectionClosed,
  ConnectionDone,
  ConnectionLost,
  connectionLostFrom,
  FileDescriptorOverrun,
  ProcessDone,
  ProcessTerminated,
} from '../src/connection-errors.ts'
import { nodeError } from './node-error.ts'

describe('why a connection ended', () => {
  it.each([
    [new ConnectionClosed('closed'), 'ERR_SENNIT_CONNECTION_CLOSED', [ConnectionClosed]],
    [new ConnectionDone(), 'ERR_SENNIT_CONNECTION_DONE', [ConnectionClosed]],
    [new ConnectionLost(), 'ERR_SENNIT_CONNECTION_LOST', [ConnectionClosed]],
    [new ConnectionAborted(), 'ERR_SENNIT_CONNECTION_ABORTED', [ConnectionClosed, ConnectionLost]],
    [new FileDescriptorOverrun(), 'ERR_SENNIT_FILE_DESCRIPTOR_OVERRUN', [ConnectionClosed, ConnectionLost]],
    [new ProcessDone(), 'ERR_SENNIT_PROCESS_DONE', [ConnectionClosed, ConnectionDone]],
    [
      new ProcessTerminated({ exitCode: 1 }),
      'ERR_SENNIT_PROCESS_TERMINATED',
      [ConnectionClosed, ConnectionLost],
    ],
  ])('ER-01 %s has its place in the hierarchy', (error, code, parents) => {
    expect(error.code).toBe(code)
    expect(error.name).toBe(error.constructor.name)
    for (const parent of parents) expect(error).toBeInstanceOf(parent)
    expect(isNativeError(error)).toBe(true)
  })

  it.each([
    [ConnectionClosed, Error],
    [ConnectionDone, ConnectionClosed],
    [ConnectionLost, ConnectionClosed],
    [ConnectionAborted, ConnectionLost],
    [FileDescriptorOverrun, ConnectionLost],
    [ProcessDone, ConnectionDone],
    [ProcessTerminated, ConnectionLost],
  ])('ER-01 %o is right below %o', (kind, parent) => {
    expect(Object.getPrototypeOf(kind)).toBe(parent)
  })

  it('captures no stack for a clean end, and leaves the limit of others alone', () => {
    const limit = Error.stackTraceLimit
    expect(new ConnectionDone().stack).not.toContain('\n')
    expect(Error.stackTraceLimit).toBe(limit)
    expect(new ConnectionLost().stack).toContain('\n')
  })

  it('ER-03 says what happened in general, then in particular', () => {
    expect(new ConnectionLost().message).toBe('The connection was lost')
    expect(new ConnectionLost('no answer').message).toBe('The connection was lost: no answer')
    expect(new ConnectionAborted().message).toBe('The connection was aborted on this side')
  })

  it('ER-02 takes the fields of the system, but an abort keeps its code', () => {
    const cause = new Error('why')
    expect(new ConnectionLost('', { code: 'EPIPE', cause })).toMatchObject({ code: 'EPIPE', cause })
    const aborted = new ConnectionAborted('', { code: 'EPIPE', cause })
    expect(aborted).toMatchObject({ code: 'ERR_SENNIT_CONNECTION_ABORTED', cause })
  })
})

describe('how a process ended', () => {
  it('ER-05 with code 0 is done', () => {
    expect(new ProcessDone()).toMatchObject({ exitCode: 0, message: 'The process has ended with code 0' })
  })

  it('ER-05 with another code, or by a signal, says which', () => {
    expect(new ProcessTerminated({ exitCode: 3 })).toMatchObject({
      exitCode: 3,
      signal: undefined,
      message: 'The process has ended: with code 3',
    })
    expect(new ProcessTerminated({ signal: 'SIGTERM' })).toMatchObject({
      exitCode: undefined,
      signal: 'SIGTERM',
      message: 'The process has ended: by the signal SIGTERM',
    })
  })
})

describe('connectionLostFrom', () => {
  it('has the stack of what Node said alone', () => {
    const cause = new Error('read ECONNRESET')
    expect(connectionLostFrom(cause)).toMatchObject({ cause, stack: expect.not.stringContaining('\n') })
    expect(cause.stack).toContain('\n')
  })

  it.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT'])('ER-02 keeps what Node said: %s', (code) => {
    const cause = nodeError(code, { syscall: 'read', errno: -1 })
    const error = connectionLostFrom(cause)
    expect(error).toBeInstanceOf(ConnectionLost)
    expect(error).toMatchObject({ code, syscall: 'read', errno: -1, cause })
    expect(error.message).toBe(`The connection was lost: read ${code}`)
  })

  it('has a code of its own for an error without one', () => {
    expect(connectionLostFrom(new Error('odd'))).toMatchObject({ code: 'ERR_SENNIT_CONNECTION_LOST' })
  })

  it.each([new ConnectionDone(), new ConnectionAborted()])('leaves %s as it is', (error) => {
    expect(connectionLostFrom(error)).toBe(error)
  })
})
