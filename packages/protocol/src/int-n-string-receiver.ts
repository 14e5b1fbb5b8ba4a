/**
 * Protocols of strings that have their length before them, as a number of 8, 16, 32 or another number of bits.
 *
 * Source: Twisted, `twisted/protocols/basic.py`, `IntNStringReceiver`, `Int8StringReceiver`, `Int16StringReceiver`,
 * `Int32StringReceiver`.
 * Differs: the limit is an option; a string that is too long is left out when `lengthLimitExceeded` keeps the connection.
 *
 * @module
 */
import { prefixFraming } from './framing.ts'
import type { StringOptions } from './string-cutter.ts'
import { StringReceiver } from './string-receiver.ts'

/**
 * Receives strings that have their length before them, the highest byte first.
 *
 * Every method may be called from inside every hook. No string is handed out while it is paused, and none once the transport
 * closes.
 *
 * @example
 * ```ts
 * abstract class Int24StringReceiver extends IntNStringReceiver {
 *   constructor(options?: StringOptions) {
 *     super(3, options)
 *   }
 * }
 * ```
 */
export abstract class IntNStringReceiver extends StringReceiver {
  /** The bytes that the length takes. */
  readonly prefixLength: number

  /**
   * @param prefixLength - the bytes that the length takes, from 1 to 6
   * @throws PrefixLengthError (`ERR_SENNIT_PREFIX_LENGTH`), MaxLengthError (`ERR_SENNIT_MAX_LENGTH`)
   */
  constructor(prefixLength: number, options?: StringOptions) {
    super(prefixFraming(prefixLength), options)
    this.prefixLength = prefixLength
  }
}

/** Receives strings of up to 255 bytes, with their length in one byte before them. */
export abstract class Int8StringReceiver extends IntNStringReceiver {
  /** @throws MaxLengthError (`ERR_SENNIT_MAX_LENGTH`) */
  constructor(options?: StringOptions) {
    super(1, options)
  }
}

/** Receives strings of up to 65535 bytes, with their length in two bytes before them. */
export abstract class Int16StringReceiver extends IntNStringReceiver {
  /** @throws MaxLengthError (`ERR_SENNIT_MAX_LENGTH`) */
  constructor(options?: StringOptions) {
    super(2, options)
  }
}

/** Receives strings with their length in four bytes before them; `maxLength` bounds them. */
export abstract class Int32StringReceiver extends IntNStringReceiver {
  /** @throws MaxLengthError (`ERR_SENNIT_MAX_LENGTH`) */
  constructor(options?: StringOptions) {
    super(4, options)
  }
}
