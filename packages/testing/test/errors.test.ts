import { describe, expect, it } from 'vitest'
import { DoubleStateError, WorldNotQuietError, WorldStuckError, WorldTimeoutError } from '../src/index.ts'

describe('the errors', () => {
  it.each([
    [
      new WorldStuckError('the promise', ['listener tcp:0.0.0.0:80']),
      'WorldStuckError',
      'ERR_SENNIT_WORLD_STUCK',
      'Cannot wait for the promise: no timer and nothing on the network is left that could settle it; still open: listener tcp:0.0.0.0:80',
    ],
    [
      new WorldTimeoutError('the condition', 60, []),
      'WorldTimeoutError',
      'ERR_SENNIT_WORLD_TIMEOUT',
      'Cannot wait for the condition: it took longer than 60 s of virtual time',
    ],
    [
      new WorldNotQuietError(['a', 'b']),
      'WorldNotQuietError',
      'ERR_SENNIT_WORLD_NOT_QUIET',
      'The world is not quiet; still open: a, b',
    ],
    [new DoubleStateError('Cannot x'), 'DoubleStateError', 'ERR_SENNIT_DOUBLE_STATE', 'Cannot x'],
  ])('%s has a name, a code and a message', (error, name, code, message) => {
    expect(error).toBeInstanceOf(Error)
    expect({ name: error.name, code: error.code, message: error.message }).toEqual({ name, code, message })
  })

  it('say what is still open, and how long it took', () => {
    expect(new WorldStuckError('x', ['a']).pending).toEqual(['a'])
    expect(new WorldNotQuietError(['a']).pending).toEqual(['a'])
    expect(new WorldTimeoutError('x', 60, ['a'])).toMatchObject({ timeout: 60, pending: ['a'] })
  })
})
