import { describe, expect, it } from 'vitest'
import * as errors from '../src/framing-errors.ts'

describe('errors of framing', () => {
  it.each([
    [new errors.DelimiterError(), 'ERR_SENNIT_DELIMITER', TypeError],
    [new errors.IncompleteStringError(), 'ERR_SENNIT_INCOMPLETE_STRING', Error],
    [new errors.LineLengthError(9), 'ERR_SENNIT_LINE_LENGTH', RangeError],
    [new errors.MaxLengthError(0), 'ERR_SENNIT_MAX_LENGTH', RangeError],
    [new errors.NetstringParseError('its end', "','", '"x"'), 'ERR_SENNIT_NETSTRING', SyntaxError],
    [new errors.PrefixLengthError(7), 'ERR_SENNIT_PREFIX_LENGTH', RangeError],
    [new errors.StringLengthError(10, 9), 'ERR_SENNIT_STRING_LENGTH', RangeError],
    [new errors.StringTooLongError(256, 255), 'ERR_SENNIT_STRING_TOO_LONG', RangeError],
  ])('%s is a kind of its own', (error, code, base) => {
    expect(error.code).toBe(code)
    expect(error).toBeInstanceOf(base)
    expect(error.name).toBe(error.constructor.name)
    expect(error.message).toMatch(/^Cannot .*[^.]$/)
  })

  it('keep the lengths as data', () => {
    expect(new errors.LineLengthError(9)).toMatchObject({ maxLength: 9 })
    expect(new errors.StringLengthError(10, 9)).toMatchObject({
      length: 10,
      maxLength: 9,
      message: 'Cannot read a string: it must have 9 bytes or fewer, got 10',
    })
    expect(new errors.StringTooLongError(256, 255)).toMatchObject({
      length: 256,
      maxLength: 255,
      message: 'Cannot send a string: it must have 255 bytes or fewer, got 256',
    })
  })
})
