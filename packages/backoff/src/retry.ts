/**
 * Trying again until it works, it makes no sense any more, or nobody wants it any more.
 *
 * States of one `retry`, and what leads from one to the next:
 *
 * | state   | event                         | next    |                                             |
 * |---------|-------------------------------|---------|---------------------------------------------|
 * | trying  | the attempt succeeded         | settled | resolves                                    |
 * | trying  | it failed, one more is allowed| waiting | the policy is asked how long                |
 * | trying  | it failed, none is            | settled | rejects with the attempt's own error        |
 * | waiting | the delay is over             | trying  | calls the function                          |
 * | both    | the signal is aborted         | settled | rejects with the signal's reason            |
 * | both    | the timeout is over           | settled | rejects with a `TimeoutError`               |
 * | settled | anything                      | settled | ignored: late results of an attempt as well |
 *
 * @module
 */
import type { Duration, ILog, IReactorTime, Random, Seconds } from '@sennit/interfaces'
import { defaultLog, getGlobalReactor, systemRandom, TimeoutError, toSeconds } from '@sennit/runtime'
import { isThenable, type PlainClock, plainClock, tell } from '@sennit/runtime/internal'
import { equalJitter } from './equal-jitter.ts'
import { BackoffOptionError } from './errors.ts'
import type { BackoffPolicy, RetryPolicy } from './policy.ts'

/** What the function is given. */
export interface Attempt {
  /** Which attempt it is: 1, 2, 3, … */
  readonly attempt: number
  /** Aborted when `retry` has given up waiting for this attempt: on the caller's abort, and when the time is over. */
  readonly signal: AbortSignal
}

/** What an attempt failed with, as `isFatal` sees it. */
export type Failure = Error & { readonly code?: unknown }

/** Options of `retry`. */
export interface RetryOptions {
  /** How long to wait after a failure. @defaultValue equalJitter() */
  readonly policy?: RetryPolicy | undefined
  /** Whether an error makes further attempts senseless. @defaultValue () => false */
  readonly isFatal?: ((error: Failure, attempt: number) => boolean) | undefined
  /** How many attempts there may be, 1 or more. @defaultValue Infinity */
  readonly maxAttempts?: number | undefined
  /** No attempt begins later than so long after the first; one that runs is let run. @defaultValue Infinity */
  readonly maxElapsed?: Duration | undefined
  /** How long all of it may take, the attempt in flight included. @defaultValue Infinity */
  readonly timeout?: Duration | undefined
  /** Gives up at once, also while waiting; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** @defaultValue the process's reactor, else its timers */
  readonly clock?: IReactorTime | undefined
  /** What the policy's noise is made from. @defaultValue the process's randomness */
  readonly random?: Random | undefined
  /** Is told of every failure that is followed by another attempt. @defaultValue warnings and errors to stderr */
  readonly log?: ILog | undefined
}

/** Stands in where a policy fails. */
const defaultPolicy: BackoffPolicy = (failures, random) => (made ??= equalJitter())(failures, random)

/** At its first use: a process that only imports the package does not wait for its table. */
let made: BackoffPolicy | undefined

/**
 * Calls `fn` until it succeeds, and waits between the attempts as the policy says.
 *
 * The first attempt is made inside this call. When no further attempt is made, the promise rejects with the last error as `fn` gave
 * it: the same object, nothing wrapped around it. A policy that throws or answers nonsense is logged, and replaced for that time by
 * the default one; the answer `Infinity` ends it.
 *
 * @param fn - is given the number of the attempt and a signal to pass on
 * @returns what `fn` returned
 * @throws the last error of `fn`, as a rejection, when it is fatal or no attempt is left
 * @throws the signal's reason, as a rejection
 * @throws TimeoutError (`ERR_SENNIT_TIMEOUT`), as a rejection, with the last error as its `cause`
 * @throws BackoffOptionError (`ERR_SENNIT_BACKOFF_OPTION`), DurationError (`ERR_SENNIT_DURATION`) when an option is wrong
 * @example
 * ```ts
 * import { retry } from '@sennit/backoff'
 *
 * const answer = await retry(({ attempt }) => {
 *   if (attempt < 3) throw new Error('not yet')
 *   return 42
 * }, { policy: () => 0.01 })
 * ```
 */
export function retry<T>(
  fn: (attempt: Attempt) => T | PromiseLike<T>,
  {
    policy = defaultPolicy,
    isFatal = () => false,
    maxAttempts = Infinity,
    maxElapsed = Infinity,
    timeout = Infinity,
    signal,
    clock: given,
    random = systemRandom,
    log = defaultLog,
  }: RetryOptions = {},
): Promise<T> {
  for (const [name, value] of Object.entries({ fn, policy, isFatal }))
    if (typeof value !== 'function') throw new BackoffOptionError('retry', name, 'a function', value)
  if (typeof maxAttempts !== 'number' || !(maxAttempts >= 1))
    throw new BackoffOptionError('retry', 'maxAttempts', 'a number, 1 or more', maxAttempts)
  const longest = toSeconds(maxElapsed, 'maxElapsed')
  const limit = toSeconds(timeout, 'timeout')
  const clock: PlainClock = given ?? getGlobalReactor() ?? plainClock
  const began = clock.seconds()
  /** Of the latest attempt: each has its own, so that it sees no listeners of those before. */
  let controller = new AbortController()
  let attempt = 0
  let settled = false
  let lastError: unknown
  let next: Call | undefined
  let ending: Call | undefined
  let resolve: (value: T) => void
  let reject: (error: unknown) => void

  /** Of several calls, only the first has an effect; so it is with the promise. */
  const settle = (): void => {
    settled = true
    for (const call of [next, ending]) if (call?.active()) call.cancel()
    signal?.removeEventListener('abort', aborted)
  }

  const succeeded = (value: T): void => {
    settle()
    resolve(value)
  }

  const giveUp = (reason: unknown): void => {
    settle()
    reject(reason)
    controller.abort(reason)
  }

  const aborted = (): void => giveUp(signal!.reason)

  const timedOut = (): void => {
    const error = new TimeoutError('The retrying', limit)
    if (lastError !== undefined) error.cause = lastError
    giveUp(error)
  }

  /** The policy's answer, or the default's where that is none. */
  const delayNow = (): Seconds => {
    try {
      const delay = policy(attempt, random, clock.seconds() - began)
      if (typeof delay === 'number' && delay >= 0) return delay
      tell(log, 'warn', { failures: attempt, delay }, 'A retry policy gave no delay; the default is used')
    } catch (error) {
      tell(log, 'warn', { err: error, failures: attempt }, 'A retry policy threw; the default is used')
    }
    return defaultPolicy(attempt, random)
  }

  const failed = (error: unknown): void => {
    if (settled) return
    lastError = error
    try {
      const hopeless = isFatal(error as Failure, attempt) || attempt >= maxAttempts
      const retryIn = hopeless ? Infinity : delayNow()
      // The caller's functions may have ended it meanwhile.
      if (settled) return
      if (retryIn === Infinity || clock.seconds() - began + retryIn > longest) return giveUp(error)
      next = clock.callLater(retryIn, tryOnce)
      tell(log, 'info', { err: error, attempt, retryIn }, 'An attempt failed, and will be made again')
    } catch (thrown) {
      giveUp(thrown)
    }
  }

  const tryOnce = (): void => {
    if (++attempt > 1) controller = new AbortController()
    let result: T | PromiseLike<T>
    try {
      result = fn({ attempt, signal: controller.signal })
      // To ask may throw as well: `then` may be a getter.
      if (isThenable(result)) return void Promise.resolve(result).then(succeeded, failed)
    } catch (error) {
      return failed(error)
    }
    succeeded(result)
  }

  return new Promise<T>((...settlers) => {
    ;[resolve, reject] = settlers
    if (signal?.aborted) return aborted()
    signal?.addEventListener('abort', aborted)
    if (limit !== Infinity) ending = clock.callLater(limit, timedOut)
    tryOnce()
  })
}

type Call = ReturnType<PlainClock['callLater']>
