/**
 * Listening at what a string describes.
 *
 * Source: Twisted, `twisted/application/strports.py`.
 * Differs: `listen` takes every type of endpoint; options go to the service and to the port; a service may listen at several
 * places.
 *
 * @module
 */
import type { ConnectionHandler, IListeningPort, IReactorTime, StreamListenOptions } from '@sennit/interfaces'
import { CombinedServerEndpoint } from './combined-server-endpoint.ts'
import { serverFromString } from './from-string.ts'
import {
  StreamServerEndpointService,
  type StreamServerEndpointServiceOptions,
} from './stream-server-endpoint-service.ts'

/** Options of `listen`: of the port, and the reactor. */
export interface StringListenOptions extends StreamListenOptions {
  /** The reactor. @defaultValue the `context`'s, else the global one */
  readonly reactor?: IReactorTime | undefined
}

/**
 * A service that listens at what `description` says; at several places, when there are several descriptions: at all of them, or its
 * start rejects and none is left open.
 *
 * @param description - such as `'tcp:8080'`, or several; see `serverFromString`
 * @param handler - what serves the connections
 * @param options - of the service and of each port
 * @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`) at once when the description cannot be read
 * @example
 * ```ts
 * const chat = service('tcp:7000', handler(serve), { maxConnections: 1000, idleTimeout: '60s' })
 * const web = service(['tcp:80', 'tls:443:privateKey=key.pem'], handler(serve))
 * ```
 */
export function service(
  description: string | readonly string[],
  handler: ConnectionHandler,
  options?: StreamServerEndpointServiceOptions,
): StreamServerEndpointService {
  const endpoint =
    typeof description === 'object'
      ? new CombinedServerEndpoint(description.map((each) => serverFromString(each)))
      : serverFromString(description)
  return new StreamServerEndpointService(endpoint, handler, options)
}

/**
 * Listens at what `description` says, without a service.
 *
 * @param description - such as `'tcp:8080'`; see `serverFromString`
 * @param handler - what serves the connections
 * @param options - of the port
 * @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`), as a rejection, when the description cannot be read
 * @throws CannotListenError, as a rejection
 * @example
 * ```ts
 * const port = await listen('tcp:0:interface=127.0.0.1', handler(serve))
 * ```
 */
export async function listen(
  description: string,
  handler: ConnectionHandler,
  { reactor, ...options }: StringListenOptions = {},
): Promise<IListeningPort> {
  return serverFromString(description, { reactor }).listen(handler, options)
}
