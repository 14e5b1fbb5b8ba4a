/**
 * Errors of speaking TLS that are not those of a connection.
 *
 * @module
 */
import { SSLError } from './connect-errors.ts'
import { copySystemFields } from './system-error.ts'
import { handshakeDetail } from './tls-detail.ts'

/** What a side of TLS was told to speak with cannot be used. No key and no passphrase is ever a part of the message. */
export class TLSOptionsError extends TypeError {
  override readonly name = 'TLSOptionsError'
  readonly code = 'ERR_SENNIT_TLS_OPTIONS'
  /** The option, such as `'key'`. */
  readonly option: string

  constructor(action: string, option: string, wanted: string, cause?: unknown) {
    const reason = cause instanceof Error ? ` (${cause.message})` : ''
    super(
      `Cannot ${action}: '${option}' must be ${wanted}${reason}`,
      cause === undefined ? undefined : { cause },
    )
    this.option = option
  }
}

/** A connection cannot be made private. */
export class StartTLSError extends Error {
  override readonly name = 'StartTLSError'
  readonly code = 'ERR_SENNIT_START_TLS'

  /** @param reason - why not, such as `'it is private already'` */
  constructor(reason: string) {
    super(`Cannot make the connection private: ${reason}`)
  }
}

/**
 * The error of this package for what Node said about a handshake; an `SSLError` stays as it is.
 *
 * @returns with Node's `code`, or `ERR_SENNIT_SSL`, and Node's error as `cause`
 */
export function sslErrorFrom(error: Error): SSLError {
  if (error instanceof SSLError) return error
  const options: { cause: unknown } = { cause: error }
  copySystemFields(error, options)
  return new SSLError(handshakeDetail(error), options)
}
