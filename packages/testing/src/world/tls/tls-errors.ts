/**
 * What Node says when the two sides of a connection cannot agree on how to talk in private.
 *
 * @module
 */
import { SSLError } from '@sennit/protocol'

/** The alerts of TLS that are sent here, and what the side says that gets one. */
const ALERTS = {
  40: 'SSLV3_ALERT_HANDSHAKE_FAILURE',
  70: 'TLSV1_ALERT_PROTOCOL_VERSION',
  116: 'TLSV13_ALERT_CERTIFICATE_REQUIRED',
  120: 'TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
} as const

/** The number of an alert. */
export type Alert = keyof typeof ALERTS

/** What OpenSSL complains about, as far as it can happen here. */
export type SSLReason =
  | (typeof ALERTS)[Alert]
  | 'HTTP_REQUEST'
  | 'HTTPS_PROXY_REQUEST'
  | 'NO_APPLICATION_PROTOCOL'
  | 'NO_SHARED_CIPHER'
  | 'NO_SUITABLE_SIGNATURE_ALGORITHM'
  | 'PEER_DID_NOT_RETURN_A_CERTIFICATE'
  | 'UNSUPPORTED_PROTOCOL'
  | 'WRONG_VERSION_NUMBER'

/** An error as Node makes it of one of OpenSSL's. */
export function sslError(reason: SSLReason): Error {
  const words = reason.toLowerCase().replaceAll('_', ' ')
  return Object.assign(new Error(`SSL routines::${words}`), {
    code: `ERR_SSL_${reason}`,
    library: 'SSL routines',
    reason: words,
  })
}

/** The error of the side that gets an alert. */
export function alertError(alert: number): Error {
  return sslError(ALERTS[alert as Alert] ?? ALERTS[40])
}

/** The other side's certificate is not trusted. */
export function untrusted(code: string): SSLError {
  return new SSLError("the other side's certificate is not trusted", { code })
}

/** The other side went away during the handshake. */
export function wentAway(): SSLError {
  return new SSLError('the connection ended during the handshake', { code: 'ECONNRESET' })
}

/** A handshake that cannot go on. */
export class HandshakeFailure extends Error {
  /** Why, for this side. */
  readonly error: Error
  /** What the other side is told. */
  readonly alert: Alert | undefined

  constructor(error: Error, alert?: Alert) {
    super(error.message)
    this.error = error
    this.alert = alert
  }
}
