/**
 * Errors of HTTP servers as connection handlers.
 *
 * @module
 */

/** Something is not a server that can be given connections. */
export class HttpServerError extends TypeError {
  override readonly name = 'HttpServerError'
  readonly code = 'ERR_SENNIT_HTTP_SERVER'
  constructor(server: unknown) {
    const got =
      typeof server === 'object' && server !== null
        ? `a ${server.constructor?.name ?? 'object'} that is none`
        : String(server)
    super(`Cannot make a handler of a server: 'server' must be an HTTP/1 server without TLS, got ${got}`)
  }
}
