/**
 * Errors of cutting what is received into lines and strings.
 *
 * Source: Twisted, `twisted/protocols/basic.py`, `NetstringParseError`, `StringTooLongError`, `IncompleteNetstring`.
 * Differs: a string that is too long is told apart from one that cannot be read.
 *
 * @module
 */

/** A line is longer than allowed. */
export class LineLengthError extends RangeError {
  override readonly name = 'LineLengthError'
  readonly code = 'ERR_SENNIT_LINE_LENGTH'
  /** The most bytes that a line may have. */
  readonly maxLength: number
  constructor(maxLength: number) {
    super(`Cannot read a line: it must have ${maxLength} bytes or fewer, got more`)
    this.maxLength = maxLength
  }
}

/** A limit of length is none. */
export class MaxLengthError extends RangeError {
  override readonly name = 'MaxLengthError'
  readonly code = 'ERR_SENNIT_MAX_LENGTH'
  constructor(maxLength: unknown) {
    super(
      `Cannot limit the length: 'maxLength' must be a number of bytes, 1 or more, got ${String(maxLength)}`,
    )
  }
}

/** What shall end each line is nothing. */
export class DelimiterError extends TypeError {
  override readonly name = 'DelimiterError'
  readonly code = 'ERR_SENNIT_DELIMITER'
  constructor() {
    super("Cannot receive lines: 'delimiter' must be one byte or more, got none")
  }
}

/** A string that is received is longer than allowed. */
export class StringLengthError extends RangeError {
  override readonly name = 'StringLengthError'
  readonly code = 'ERR_SENNIT_STRING_LENGTH'
  /** The bytes that the other side says it has. */
  readonly length: number
  /** The most bytes that a string may have. */
  readonly maxLength: number
  constructor(length: number, maxLength: number) {
    super(`Cannot read a string: it must have ${maxLength} bytes or fewer, got ${length}`)
    this.length = length
    this.maxLength = maxLength
  }
}

/** A string is too long for its length to fit before it. */
export class StringTooLongError extends RangeError {
  override readonly name = 'StringTooLongError'
  readonly code = 'ERR_SENNIT_STRING_TOO_LONG'
  /** Its bytes. */
  readonly length: number
  /** The most bytes that it could have. */
  readonly maxLength: number
  constructor(length: number, maxLength: number) {
    super(`Cannot send a string: it must have ${maxLength} bytes or fewer, got ${length}`)
    this.length = length
    this.maxLength = maxLength
  }
}

/** What was received is no netstring. */
export class NetstringParseError extends SyntaxError {
  override readonly name = 'NetstringParseError'
  readonly code = 'ERR_SENNIT_NETSTRING'
  constructor(what: string, wanted: string, got: string) {
    super(`Cannot read a netstring: ${what} must be ${wanted}, got ${got}`)
  }
}

/** A stream has ended in the middle of a string. */
export class IncompleteStringError extends Error {
  override readonly name = 'IncompleteStringError'
  readonly code = 'ERR_SENNIT_INCOMPLETE_STRING'
  constructor() {
    super('Cannot read a string: the stream ended before the string did')
  }
}

/** The length before each string cannot take so many bytes. */
export class PrefixLengthError extends RangeError {
  override readonly name = 'PrefixLengthError'
  readonly code = 'ERR_SENNIT_PREFIX_LENGTH'
  constructor(prefixLength: unknown) {
    super(
      `Cannot frame strings: 'prefixLength' must be a whole number from 1 to 6, got ${String(prefixLength)}`,
    )
  }
}
