/**
 * The options of a lasting connection, and what is made of them once.
 *
 * @module
 */
import { type BackoffPolicy, equalJitter, type RetryPolicy } from '@sennit/backoff'
import type { Duration, Seconds } from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'
import { ClientOptionError } from './errors.ts'

/** What `prepareConnection` is given beside the connection. */
export interface PrepareContext {
  /** Aborted when the connection is lost, rejected, or closed because the service stops; also after the preparation. */
  readonly signal: AbortSignal
}

/** An error, with the code by which it is recognised if it has one. */
export type CodedError = Error & { readonly code?: string | undefined }

/** Options of everything that keeps one connection up. */
export interface ConnectionOptions<T> {
  /**
   * How long to wait after so many failures in a row; `Infinity` gives up. One that throws, or yields what is no delay, is
   * logged and replaced for that time by the default.
   *
   * @defaultValue equalJitter()
   */
  readonly retryPolicy?: RetryPolicy | undefined
  /** Makes a new connection ready, such as by a login; what it throws or rejects with is a failure, and closes the connection. */
  readonly prepareConnection?: ((value: T, context: PrepareContext) => unknown) | undefined
  /** How long `prepareConnection` may take. @defaultValue '30s' */
  readonly prepareTimeout?: Duration | undefined
  /** How long one attempt may take. @defaultValue '30s' */
  readonly connectTimeout?: Duration | undefined
  /** How long a connection may take to close, or an attempt to be given up, before it is cut. @defaultValue '5s' */
  readonly closeTimeout?: Duration | undefined
  /** Only a connection that lasted so long sets the number of failures back. @defaultValue 0 */
  readonly stableAfter?: Duration | undefined
  /** Whether another attempt is pointless after this failure or loss, the so-manieth in a row: the service fails with it. */
  readonly isFatal?: ((error: CodedError, failures: number) => boolean) | undefined
  /** Gives up after so many failures in a row since its start: the service fails with the last one. @defaultValue Infinity */
  readonly maxFailures?: number | undefined
}

/** The options with their defaults, and times in seconds. */
export interface ConnectionSettings<T> {
  readonly retryPolicy: RetryPolicy
  readonly prepareConnection: ((value: T, context: PrepareContext) => unknown) | undefined
  readonly prepareTimeout: Seconds
  readonly connectTimeout: Seconds
  readonly closeTimeout: Seconds
  readonly stableAfter: Seconds
  readonly isFatal: ((error: CodedError, failures: number) => boolean) | undefined
  /** `undefined` means any number. */
  readonly maxFailures: number | undefined
}

/** What is used when there is no policy, or instead of one that fails. */
export const defaultRetryPolicy: RetryPolicy = (failures, random) =>
  (made ??= equalJitter())(failures, random)

/** At its first use: a process that only imports the package does not wait for its table. */
let made: BackoffPolicy | undefined

/**
 * Checks options and fills in the defaults.
 *
 * @throws DurationError (`ERR_SENNIT_DURATION`), ClientOptionError (`ERR_SENNIT_CLIENT_OPTION`)
 */
export function connectionSettings<T>({
  retryPolicy = defaultRetryPolicy,
  prepareConnection,
  prepareTimeout = '30s',
  connectTimeout = '30s',
  closeTimeout = '5s',
  stableAfter = 0,
  isFatal,
  maxFailures,
}: ConnectionOptions<T>): ConnectionSettings<T> {
  mustBeFunction('retryPolicy', retryPolicy)
  if (prepareConnection !== undefined) mustBeFunction('prepareConnection', prepareConnection)
  if (isFatal !== undefined) mustBeFunction('isFatal', isFatal)
  if (maxFailures !== undefined && !(typeof maxFailures === 'number' && maxFailures >= 1))
    throw new ClientOptionError('make a client', 'maxFailures', 'a number, 1 or more', maxFailures)
  return {
    retryPolicy,
    prepareConnection,
    prepareTimeout: toSeconds(prepareTimeout, 'prepareTimeout'),
    connectTimeout: toSeconds(connectTimeout, 'connectTimeout'),
    closeTimeout: toSeconds(closeTimeout, 'closeTimeout'),
    stableAfter: toSeconds(stableAfter, 'stableAfter'),
    isFatal,
    maxFailures,
  }
}

function mustBeFunction(option: string, value: unknown): void {
  if (typeof value !== 'function') throw new ClientOptionError('make a client', option, 'a function', value)
}
