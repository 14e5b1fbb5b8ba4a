import { TimeoutError } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { locateStart, locateStop } from '../src/errors.ts'
import * as face from '../src/index.ts'

const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

describe('The errors', () => {
  it.each<[string, Error, string, string]>([
    [
      'ServiceStartError',
      new face.ServiceStartError('app/db', cause),
      'ECONNREFUSED',
      'app/db: connect ECONNREFUSED',
    ],
    [
      'ServiceStartError',
      new face.ServiceStartError('app/db', new Error('x')),
      'ERR_SENNIT_START',
      'app/db: x',
    ],
    [
      'ServiceStopError',
      new face.ServiceStopError('app/db', cause),
      'ECONNREFUSED',
      'app/db: connect ECONNREFUSED',
    ],
    ['ServiceStopError', new face.ServiceStopError('app/db', new Error('x')), 'ERR_SENNIT_STOP', 'app/db: x'],
    [
      'ServiceStopErrors',
      new face.ServiceStopErrors('app', [new Error('a: x'), new Error('b: y')]),
      'ERR_SENNIT_STOP',
      "Cannot stop 'app' well: a: x; b: y",
    ],
    [
      'StartTimeoutError',
      new face.StartTimeoutError('app', 5, ['app/a', 'app/b']),
      'ERR_SENNIT_START_TIMEOUT',
      "Starting 'app' took longer than 5 s: 'app/a', 'app/b' had not started",
    ],
    [
      'StopTimeoutError',
      new face.StopTimeoutError('app', 5),
      'ERR_SENNIT_STOP_TIMEOUT',
      "Stopping 'app' took longer than 5 s",
    ],
    [
      'ServiceNameError',
      new face.ServiceNameError('app/a', 'b'),
      'ERR_SENNIT_SERVICE_NAME',
      "Cannot name 'app/a' 'b': a service is named while it has no parent",
    ],
    [
      'DuplicateServiceError',
      new face.DuplicateServiceError('app', undefined),
      'ERR_SENNIT_DUPLICATE_SERVICE',
      "Cannot add a service to 'app': it has this service already",
    ],
    [
      'UnknownServiceError',
      new face.UnknownServiceError('app', 'db'),
      'ERR_SENNIT_UNKNOWN_SERVICE',
      "Cannot find 'db': 'app' has no such service",
    ],
    [
      'ServiceParentError',
      new face.ServiceParentError('a collection of services', 'null'),
      'ERR_SENNIT_SERVICE_PARENT',
      "Cannot set the parent of a service: 'parent' must be a collection of services, got null",
    ],
    [
      'ServiceOptionError',
      new face.ServiceOptionError('make a service', 'log', 'a log', 'x'),
      'ERR_SENNIT_SERVICE_OPTION',
      'Cannot make a service: \'log\' must be a log, got "x"',
    ],
    [
      'ReactorInUseError',
      new face.ReactorInUseError('app', 'running'),
      'ERR_SENNIT_REACTOR_IN_USE',
      "Cannot set the reactor of 'app': it must be stopped, got one that is running",
    ],
    [
      'DisposedError',
      new face.DisposedError('app/x'),
      'ERR_SENNIT_DISPOSED',
      "Cannot start 'app/x': its resource is disposed of, and only a factory can make another",
    ],
    [
      'ServiceMakerError',
      new face.ServiceMakerError('Chat', {}),
      'ERR_SENNIT_SERVICE_MAKER',
      "Cannot make 'Chat': 'makeService' must be a function of its module, got an object",
    ],
  ])('%s says what is wrong', (name, error, code, message) => {
    expect(error).toBeInstanceOf(Error)
    expect({ name: error.name, code: (error as { code?: string }).code, message: error.message }).toEqual({
      name,
      code,
      message,
    })
  })

  it('keep the error that they stand for', () => {
    expect(new face.ServiceStartError('a', cause).cause).toBe(cause)
    expect(new face.ServiceStopError('a', cause).cause).toBe(cause)
    expect(new face.StopTimeoutError('a', 1, [], cause).cause).toBe(cause)
  })

  it('keep no code of the cause that is no text', () => {
    const odd = Object.assign(new Error('x'), { code: 7 })
    expect(new face.ServiceStartError('a', odd).code).toBe('ERR_SENNIT_START')
  })

  it('of deadlines are errors of time', () => {
    expect(new face.StartTimeoutError('a', 1)).toBeInstanceOf(TimeoutError)
    expect(new face.StopTimeoutError('a', 1)).toBeInstanceOf(TimeoutError)
  })
})

describe('The path', () => {
  const unread = {
    get path(): string {
      throw new Error('not needed')
    },
  }

  it('is put in front of a start error once', () => {
    const located = locateStart({ path: 'a/b' }, cause)
    expect(located.message).toBe('a/b: connect ECONNREFUSED')
    expect(locateStart(unread, located)).toBe(located)
    const timeout = new face.StartTimeoutError('a/b', 1)
    expect(locateStart(unread, timeout)).toBe(timeout)
  })

  it('is put in front of each stop error once, and groups are one list', () => {
    const [one] = locateStop({ path: 'a/b' }, cause)
    expect(one!.message).toBe('a/b: connect ECONNREFUSED')
    expect(locateStop(unread, one!)).toEqual([one])
    expect(locateStop(unread, new face.ServiceStopErrors('a', [one!, cause]))).toEqual([one, cause])
    const timeout = new face.StopTimeoutError('a/b', 1)
    expect(locateStop(unread, timeout)).toEqual([timeout])
  })
})
