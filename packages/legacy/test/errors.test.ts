import { describe, expect, it } from 'vitest'
import { NoConnectorError, RetryOptionError } from '../src/errors.ts'

describe('the errors of the factory that connects again', () => {
  it.each([
    [
      new NoConnectorError(),
      'ERR_SENNIT_NO_CONNECTOR',
      'Cannot connect again: the factory has not been told of any connector',
    ],
    [
      new RetryOptionError('jitter', 'a number, 0 or more', -1),
      'ERR_SENNIT_RETRY_OPTION',
      "Cannot connect again: 'jitter' must be a number, 0 or more, got -1",
    ],
  ])('%s', (error, code, message) => {
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ code, message, name: error.constructor.name })
  })
})
