import { describe, expect, it } from 'vitest'
import {
  AlreadyCalled,
  AlreadyCancelled,
  CancelledError,
  DelayError,
  DurationError,
  MissingRoleError,
  TimeoutError,
} from '../src/index.ts'

describe('errors', () => {
  it.each([
    [new AlreadyCalled(), Error, 'AlreadyCalled', 'ERR_SENNIT_ALREADY_CALLED'],
    [new AlreadyCancelled(), Error, 'AlreadyCancelled', 'ERR_SENNIT_ALREADY_CANCELLED'],
    [new CancelledError(), Error, 'CancelledError', 'ABORT_ERR'],
    [new TimeoutError('It', 1), Error, 'TimeoutError', 'ERR_SENNIT_TIMEOUT'],
    [new DelayError(-1), RangeError, 'DelayError', 'ERR_SENNIT_DELAY'],
    [new DurationError('x', 'y', 0, 'z'), TypeError, 'DurationError', 'ERR_SENNIT_DURATION'],
    [new MissingRoleError('R', ['m']), TypeError, 'MissingRoleError', 'ERR_SENNIT_MISSING_ROLE'],
  ])('ER-04 %s is of its own kind', (error, parent, name, code) => {
    expect(error).toBeInstanceOf(parent)
    expect(error).toMatchObject({ name, code })
    expect(error.message).not.toMatch(/\.$/)
  })

  it('a cancelling keeps what caused it', () => {
    const cause = new Error('stop')
    expect(new CancelledError('Given up', { cause })).toMatchObject({ message: 'Given up', cause })
  })
})
