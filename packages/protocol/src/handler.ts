/**
 * A connection handler made of an async function.
 *
 * @module
 */
import type { Duplex } from 'node:stream'
import type { IConnectionContext, IStreamHandler } from '@sennit/interfaces'
import { isThenable } from '@sennit/runtime/internal'
import { HandlerError } from './errors.ts'

/** Serves one connection; when it returns, the connection is ended. */
export type StreamFunction = (stream: Duplex, context: IConnectionContext) => PromiseLike<unknown>

/**
 * Serves each connection by an async function over a stream.
 *
 * When the function returns, what was written is flushed and the connection ended; when it rejects, the connection is
 * destroyed and the error logged. When the listener stops, `context.signal` is aborted: finish and return, or let the
 * signal's reason be thrown, which counts as returning.
 *
 * @throws HandlerError (`ERR_SENNIT_HANDLER`) when `serve` is no function; logged when it returns no promise
 * @example
 * ```ts
 * const greeter = handler(async (socket, { signal }) => {
 *   for await (const line of lines(socket, { signal })) socket.write(`hello ${line}\n`)
 * })
 * ```
 */
export function handler(serve: StreamFunction): IStreamHandler {
  if (typeof serve !== 'function') {
    throw new HandlerError(`Cannot make a handler: 'serve' must be a function, got ${String(serve)}`)
  }
  return {
    async handleStream(stream, context) {
      const result: unknown = serve(stream, context)
      if (!isThenable(result)) {
        // Returning ends the connection, which is not what a function that only adds listeners means.
        throw new HandlerError(
          "Cannot serve a connection: 'serve' must be an async function, got one that is not",
        )
      }
      await result
    },
  }
}
