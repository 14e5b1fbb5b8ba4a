/**
 * Errors of HTTP servers as connection handlers.
 *
 * @module
 */

/** Something is not a server that can be given connections, or tells of WebSockets. */
export class HttpServerError extends TypeError {
  override readonly name = 'HttpServerError'
  readonly code = 'ERR_SENNIT_HTTP_SERVER'
  /**
   * @param argument - its name, such as `server`
   * @param wanted - what it must be
   */
  constructor(argument: string, wanted: string, got: unknown) {
    super(`Cannot make a handler of a server: '${argument}' must be ${wanted}, got ${seen(got)}`)
  }
}

function seen(server: unknown): string {
  if (typeof server === 'function')
    return `a function; 'createServer(${server.name || 'it'})' makes a server of it`
  if (typeof server !== 'object' || server === null) return String(server)
  const { constructor, listening } = server as { constructor?: { name: string }; listening?: unknown }
  return `a ${constructor?.name ?? 'object'} that ${listening === true ? 'listens' : 'is none'}`
}
