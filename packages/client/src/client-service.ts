/**
 * A service that keeps one connection to an endpoint up.
 *
 * **Source:** Twisted, `twisted/application/internet.py`, `ClientService`.
 *
 * @module
 */
import type { Duration, IProtocol, IProtocolFactory, IStreamClientEndpoint } from '@sennit/interfaces'
import { hasRole, toSeconds } from '@sennit/runtime'
import { ConnectionService, type ConnectionServiceOptions } from './connection-service.ts'
import { EndpointConnectable, isList } from './endpoint-connectable.ts'
import { ClientOptionError } from './errors.ts'

/** Options of `ClientService`. */
export interface ClientServiceOptions<P extends IProtocol> extends ConnectionServiceOptions<P> {
  /** Cuts a connection on which nothing was received for so long. @defaultValue none */
  readonly receiveTimeout?: Duration | undefined
  /** Finds a dead idle peer within so long. @defaultValue the endpoint's, 15 s */
  readonly keepAlive?: Duration | false | undefined
}

/** The endpoint keeps the time of an attempt itself; so much later an attempt is given up that does not. */
const GRACE = 1

/**
 * Keeps one connection up, to one endpoint or to several in turn.
 *
 * `current`, `whenConnected` and `connections` yield the protocol that the factory built. With `duplexFactory()` that is a
 * Node `Duplex`.
 *
 * @example
 * ```ts
 * const feed = new ClientService(clientFromString('tls:feed.example:4443'), duplexFactory(), { stableAfter: '10s' })
 * await feed.startService()
 * const socket = await feed.whenConnected({ timeout: '5s' })
 * ```
 */
export class ClientService<P extends IProtocol> extends ConnectionService<P> {
  /**
   * @param endpoint - where to connect to; of several, each attempt takes the next
   * @param factory - builds a protocol for each connection
   * @throws DurationError (`ERR_SENNIT_DURATION`) when a time is no duration
   * @throws ClientOptionError (`ERR_SENNIT_CLIENT_OPTION`) when another option is not what it must be
   */
  constructor(
    endpoint: IStreamClientEndpoint | readonly IStreamClientEndpoint[],
    factory: IProtocolFactory<P>,
    options: ClientServiceOptions<P> = {},
  ) {
    const { receiveTimeout, keepAlive, connectTimeout } = options
    const endpoints = isList(endpoint) ? endpoint.slice() : endpoint
    if (isList(endpoints) && endpoints.length === 0)
      throw new ClientOptionError('make a client', 'endpoint', 'one or more', endpoint)
    for (const each of isList(endpoints) ? endpoints : [endpoints])
      if (!hasRole<IStreamClientEndpoint>(each, ['connect']))
        throw new ClientOptionError('make a client', 'endpoint', 'a client endpoint', each)
    if (!hasRole<IProtocolFactory>(factory, ['buildProtocol']))
      throw new ClientOptionError('make a client', 'factory', 'a protocol factory', factory)
    const isPlain = receiveTimeout === undefined && keepAlive === undefined && connectTimeout === undefined
    super(
      isPlain
        ? new EndpointConnectable(endpoints, factory)
        : new EndpointConnectable(endpoints, factory, {
            timeout: connectTimeout,
            keepAlive,
            receiveTimeout:
              receiveTimeout === undefined ? undefined : toSeconds(receiveTimeout, 'receiveTimeout'),
          }),
      { ...options, connectTimeout: toSeconds(connectTimeout ?? '30s', 'connectTimeout') + GRACE },
    )
  }
}
