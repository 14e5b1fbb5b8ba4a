/**
 * `fetch` that does not give up at the first failure.
 *
 * @module
 */
import { equalJitter, type Failure, retry, type RetryOptions } from '@sennit/backoff'
import { HttpError } from './http-error.ts'

/** Half a second at first, 10 seconds at last, with noise, so that many clients do not come back all at once. */
const POLICY = equalJitter({ initialDelay: '500ms', factor: 2, maxDelay: '10s' })

/** How long the server may take for one answer, in milliseconds. */
const ANSWER_TIME = 5000

/**
 * Gets a text, and tries again while the server is away, too busy or broken.
 *
 * @param options - those of `retry`; `signal` gives it up, `timeout` is the deadline of all attempts together
 * @throws HttpError, as a rejection, when the server refuses the request, or still fails at the last attempt
 * @throws what `fetch` throws, as a rejection, when that is the last attempt
 * @throws TimeoutError (`ERR_SENNIT_TIMEOUT`), as a rejection, at the deadline; its `cause` is the last error
 * @throws the signal's reason, as a rejection
 */
export function fetchText(url: string, options: RetryOptions = {}): Promise<string> {
  return retry(
    async ({ signal }) => {
      // The attempt's own signal: aborted at the deadline, too, so that no request is left behind.
      const response = await fetch(url, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIME)]),
      })
      if (response.ok) return await response.text()
      await response.body?.cancel()
      throw new HttpError(url, response.status)
    },
    { policy: POLICY, timeout: '30s', isFatal: isHopeless, ...options },
  )
}

/** Whether the same request would fail again: an address that is none, or a client's mistake, unless it is one of time. */
function isHopeless(error: Failure): boolean {
  if (error instanceof HttpError) return error.status < 500 && error.status !== 408 && error.status !== 429
  return (error.cause as Failure | undefined)?.code === 'ERR_INVALID_URL'
}
