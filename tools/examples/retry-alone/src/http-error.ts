/**
 * An answer that is no success, as an error.
 *
 * @module
 */

/** The server has answered, with a status outside of 200 to 299. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly code = 'ERR_HTTP_STATUS'
  readonly status: number

  constructor(url: string, status: number) {
    super(`${url} answered ${status}`)
    this.status = status
  }
}
