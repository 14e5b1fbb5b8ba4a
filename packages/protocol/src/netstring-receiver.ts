/**
 * A protocol of netstrings: `5:hello,`.
 *
 * Source: Twisted, `twisted/protocols/basic.py`, `NetstringReceiver`.
 * Differs: the limit is an option; a string that is too long is told by `lengthLimitExceeded`, anything else that is wrong by
 * `parseFailed`; it can be paused.
 *
 * @module
 */
import { netstringFraming } from './framing.ts'
import type { StringOptions } from './string-cutter.ts'
import { StringReceiver } from './string-receiver.ts'

/**
 * Receives netstrings and nothing else.
 *
 * Every method may be called from inside every hook. No string is handed out while it is paused, and none once the transport
 * closes.
 *
 * @example
 * ```ts
 * class Shout extends NetstringReceiver {
 *   override stringReceived(string: Buffer) {
 *     this.sendString(string.toString().toUpperCase())
 *   }
 * }
 * ```
 */
export abstract class NetstringReceiver extends StringReceiver {
  /** @throws MaxLengthError (`ERR_SENNIT_MAX_LENGTH`) */
  constructor(options?: StringOptions) {
    super(netstringFraming, options)
  }
}
