/**
 * Errors of connecting.
 *
 * Source: Twisted, `twisted/internet/error.py`, `ConnectError` and its kinds, `getConnectError`.
 * Differs: more of the system's codes have a kind of their own; Node's fields are kept.
 *
 * @module
 */
import { type SystemErrorFields, type SystemErrorOptions, copySystemFields } from './system-error.ts'
import { tlsDetail } from './tls-detail.ts'
import { withoutStack } from './without-stack.ts'

/**
 * A connection could not be made.
 *
 * A kind of it is made with what happened in particular, and with what Node said: `new ConnectionRefusedError('connect
 * ECONNREFUSED 127.0.0.1:80', { code: 'ECONNREFUSED', cause })`.
 */
export class ConnectError extends Error implements SystemErrorFields {
  /** What every error of this kind says first. */
  static readonly sentence: string = 'Cannot connect'
  /** The code of an error of this kind that was given none. */
  static readonly code: string = 'ERR_SENNIT_CONNECT'
  override readonly name: string = 'ConnectError'
  readonly code: string
  declare readonly errno?: number | undefined
  declare readonly syscall?: string | undefined
  declare readonly address?: string | undefined
  declare readonly port?: number | string | undefined

  /**
   * @param detail - what happened in particular
   * @param options - Node's fields, and the cause
   */
  constructor(detail = '', options: SystemErrorOptions = {}) {
    const { sentence } = new.target
    super(detail === '' ? sentence : `${sentence}: ${detail}`, 'cause' in options ? options : undefined)
    this.code = new.target.code
    copySystemFields(options, this)
  }
}

/** The local address cannot be used. */
export class ConnectBindError extends ConnectError {
  static override readonly sentence = 'Cannot connect from the local address'
  static override readonly code = 'EADDRNOTAVAIL'
  override readonly name = 'ConnectBindError'
}

/** The host's name is not known. */
export class UnknownHostError extends ConnectError {
  static override readonly sentence = 'Cannot connect, the name of the host is not known'
  static override readonly code = 'ENOTFOUND'
  override readonly name = 'UnknownHostError'
}

/** There is no way to the host. */
export class NoRouteError extends ConnectError {
  static override readonly sentence = 'Cannot connect, there is no route to the host'
  static override readonly code = 'EHOSTUNREACH'
  override readonly name = 'NoRouteError'
}

/** Nobody listens there. */
export class ConnectionRefusedError extends ConnectError {
  static override readonly sentence = 'Cannot connect, the other side refuses'
  static override readonly code = 'ECONNREFUSED'
  override readonly name = 'ConnectionRefusedError'
}

/** The operating system gave up waiting for an answer. */
export class TCPTimedOutError extends ConnectError {
  static override readonly sentence = 'Cannot connect, the other side does not answer'
  static override readonly code = 'ETIMEDOUT'
  override readonly name = 'TCPTimedOutError'
}

/** A file is no UNIX socket that can be used. */
export class BadFileError extends ConnectError {
  static override readonly sentence = 'Cannot connect, the file is no socket that can be used'
  static override readonly code = 'ENOTSOCK'
  override readonly name = 'BadFileError'
}

/** A port was given by a name that is not known. */
export class ServiceNameUnknownError extends ConnectError {
  static override readonly sentence = 'Cannot connect, the name of the port is not known'
  static override readonly code = 'ERR_SENNIT_SERVICE_NAME'
  override readonly name = 'ServiceNameUnknownError'
}

/** The two sides could not agree on how to talk in private, or one does not trust the other. */
export class SSLError extends ConnectError {
  static override readonly sentence = 'Cannot connect securely'
  static override readonly code = 'ERR_SENNIT_SSL'
  override readonly name = 'SSLError'
}

/** The attempt was given up on this side. */
export class UserError extends ConnectError {
  static override readonly sentence: string = 'Cannot connect, the attempt was given up'
  static override readonly code: string = 'ERR_SENNIT_USER'
  override readonly name: string = 'UserError'
}

/** The attempt took longer than it may. */
export class ConnectionTimeoutError extends UserError {
  static override readonly sentence = 'Cannot connect within the time allowed'
  static override readonly code = 'ETIMEDOUT'
  override readonly name = 'ConnectionTimeoutError'
}

const KINDS: ReadonlyMap<string, typeof ConnectError> = new Map<string, typeof ConnectError>([
  ['ECONNREFUSED', ConnectionRefusedError],
  ['ENETUNREACH', NoRouteError],
  ['EHOSTUNREACH', NoRouteError],
  ['ENETDOWN', NoRouteError],
  ['EHOSTDOWN', NoRouteError],
  ['ETIMEDOUT', TCPTimedOutError],
  ['EADDRNOTAVAIL', ConnectBindError],
  ['EADDRINUSE', ConnectBindError],
  ['ENOTFOUND', UnknownHostError],
  ['ENODATA', UnknownHostError],
  ['ENOENT', BadFileError],
  ['ENOTSOCK', BadFileError],
  ['ENOTDIR', BadFileError],
  ['EPROTOTYPE', BadFileError],
  ['EPROTO', SSLError],
])

const OF_NAMES = /^EAI_/
const OF_TLS = /^ERR_(?:SSL|TLS)_|^(?:CERT|CRL)_|^UNABLE_TO_|SELF_SIGNED_CERT|^HOSTNAME_MISMATCH$/

/**
 * The error of this package for what Node said about an attempt to connect; an error of this package stays as it is.
 *
 * Of Node's `AggregateError`, for a host with several addresses, the most telling one is taken.
 *
 * @returns with Node's `code`, `errno`, `syscall`, `address` and `port`, and Node's error as `cause`, which alone has a stack
 */
export function connectErrorFrom(error: Error): ConnectError {
  if (error instanceof ConnectError) return error
  const telling = mostTelling(error)
  const Kind = kindOf(telling as Error & SystemErrorFields)
  const options: { cause: unknown } = { cause: error }
  copySystemFields(telling, options)
  return withoutStack(() => new Kind(tlsDetail(telling), options))
}

function kindOf({ code, syscall, port }: SystemErrorFields): typeof ConnectError {
  if (code === undefined) return ConnectError
  if (code === 'EACCES' || code === 'EPERM') {
    if (syscall === 'bind') return ConnectBindError
    // Only an error about a path has no port.
    return port === undefined ? BadFileError : ConnectError
  }
  const kind = KINDS.get(code)
  if (kind !== undefined) return kind
  if (OF_NAMES.test(code)) return UnknownHostError
  return OF_TLS.test(code) ? SSLError : ConnectError
}

/** How much a code says about the host itself, from the least to the most. */
const TELLING = ['ENETUNREACH', 'EHOSTUNREACH', 'ETIMEDOUT', 'ECONNRESET', 'ECONNREFUSED']

function mostTelling(error: Error): Error {
  if (!(error instanceof AggregateError)) return error
  let best: Error = error
  let bestRank = -2
  for (const each of error.errors as unknown[]) {
    if (!(each instanceof Error)) continue
    const rank = TELLING.indexOf((each as Error & { code?: string }).code ?? '')
    if (rank > bestRank) {
      best = each
      bestRank = rank
    }
  }
  return best
}
