import { describe, expect, it } from 'vitest'
import { AlreadyRunningError, NotRunningError, TimerOptionError } from '../src/index.ts'

describe('errors', () => {
  it.each([
    [
      new NotRunningError('reset a looping call'),
      'ERR_SENNIT_NOT_RUNNING',
      'Cannot reset a looping call: it must be running',
    ],
    [
      new AlreadyRunningError('start a looping call'),
      'ERR_SENNIT_ALREADY_RUNNING',
      'Cannot start a looping call: it must not be running',
    ],
    [
      new TimerOptionError('make a timer', 'onError', 'a word', 'maybe'),
      'ERR_SENNIT_TIMER_OPTION',
      `Cannot make a timer: 'onError' must be a word, got "maybe"`,
    ],
  ])('%s has its code and says what was tried', (error, code, message) => {
    expect(error).toMatchObject({ code, message, name: error.constructor.name })
  })
})
