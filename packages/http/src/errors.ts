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
        ? `a ${server.constructor?.name ?? 'object'} that ${(server as { listening?: unknown }).listening === true ? 'listens' : 'is none'}`
        : String(server)
    const wanted = 'an HTTP server that does not listen itself'
    super(`Cannot make a handler of a server: 'server' must be ${wanted}, got ${got}`)
  }
}
