import { describe, expect, it } from 'vitest'
import { ClientOptionError } from '../src/errors.ts'

describe('ClientOptionError', () => {
  it.each([
    [5, '5'],
    ['5', '"5"'],
    [null, 'null'],
    [undefined, 'undefined'],
    [[], 'a list of 0'],
    [{}, 'an object of the class Object'],
    [Object.create(null), 'an object of the class null'],
  ])('says what it got: %j', (value, shown) => {
    const error = new ClientOptionError('make a client', 'retryPolicy', 'a function', value)
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({
      name: 'ClientOptionError',
      code: 'ERR_SENNIT_CLIENT_OPTION',
      option: 'retryPolicy',
    })
    expect(error.message).toBe(`Cannot make a client: 'retryPolicy' must be a function, got ${shown}`)
  })
})
