/**
 * What a failure of TLS says to people.
 *
 * OpenSSL's errors are about its own files and lines; the one thing in them that helps is their reason.
 *
 * @module
 */

/** What Node gives to errors that come from OpenSSL. */
interface OpenSSLError extends Error {
  readonly code?: string
  readonly reason?: string
}

/** Codes of Node whose messages are about Node. */
const DETAILS: ReadonlyMap<string, string> = new Map([
  ['ECONNRESET', 'the other side ended the connection during the handshake'],
  ['EPIPE', 'the other side ended the connection during the handshake'],
])

/** Reasons of OpenSSL that need to be known to be understood. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['http request', 'the other side speaks HTTP, without TLS'],
  ['wrong version number', 'the other side does not speak TLS, or no version of it that is allowed here'],
  ['packet length too long', 'the other side does not speak TLS'],
  ['no shared cipher', 'there is no cipher that both sides allow, or no certificate for it'],
  ['peer did not return a certificate', 'the other side has shown no certificate'],
])

const ALERT = /\balert (?<alert>.+)$/

/** What an error says; of an error of OpenSSL, its reason. */
export function tlsDetail(error: Error): string {
  const { reason } = error as OpenSSLError
  if (typeof reason !== 'string' || reason === '') return error.message
  const alert = ALERT.exec(reason)?.groups?.['alert']
  return alert === undefined ? (REASONS.get(reason) ?? reason) : `the other side refuses: ${alert}`
}

/** The same for an error that ended a handshake. */
export function handshakeDetail(error: Error): string {
  return DETAILS.get((error as OpenSSLError).code ?? '') ?? tlsDetail(error)
}
