import { describe, expect, it } from 'vitest'
import { BackoffOptionError } from '../src/index.ts'

describe('BackoffOptionError', () => {
  it('says what cannot be done, which option is wrong, what it must be and what it is', () => {
    const error = new BackoffOptionError('retry', 'maxAttempts', 'a number, 1 or more', 'many')
    expect(error).toMatchObject({
      name: 'BackoffOptionError',
      code: 'ERR_SENNIT_BACKOFF_OPTION',
      option: 'maxAttempts',
      message: `Cannot retry: 'maxAttempts' must be a number, 1 or more, got "many"`,
    })
    expect(error).toBeInstanceOf(TypeError)
  })
})
