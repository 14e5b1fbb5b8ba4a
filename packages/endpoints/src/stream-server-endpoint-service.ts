/**
 * A service that listens at an endpoint.
 *
 * Source: Twisted, `twisted/application/internet.py`, `StreamServerEndpointService`.
 * Differs: a start waits for the port, and rejects when there is none; nothing is served before the service itself has started;
 * stopping drains; it can be started again; the port can be seen.
 *
 * @module
 */
import type {
  ConnectionHandler,
  Fact,
  IAddress,
  IListeningPort,
  IServiceContext,
  IStreamServerEndpoint,
  StreamListenOptions,
} from '@sennit/interfaces'
import { ListeningService, type ServiceOptions } from '@sennit/service'
import { CombinedPort } from './combined-server-endpoint.ts'

/** Options of a service, and of the port it listens at. */
export interface StreamServerEndpointServiceOptions
  extends ServiceOptions, Omit<StreamListenOptions, 'held' | 'signal' | 'context'> {}

/**
 * Listens while it runs: binds in the privileged start, serves from the start on, drains and closes when it stops.
 *
 * @example
 * ```ts
 * const echo = new StreamServerEndpointService(serverFromString('tcp:0'), handler((socket) => pipeline(socket, socket)))
 * await echo.startService()
 * echo.getHost().toString()
 * ```
 */
export class StreamServerEndpointService extends ListeningService<StreamListenOptions> {
  readonly #endpoint: IStreamServerEndpoint
  readonly #handler: ConnectionHandler

  /**
   * @param endpoint - where to listen
   * @param handler - what serves the connections
   * @param options - of the service; what else there is goes to the endpoint's `listen`
   */
  constructor(
    endpoint: IStreamServerEndpoint,
    handler: ConnectionHandler,
    options: StreamServerEndpointServiceOptions = {},
  ) {
    super(options)
    this.#endpoint = endpoint
    this.#handler = handler
  }

  /**
   * Where it listens, at each of its places.
   *
   * @throws ServiceNotListeningError (`ERR_SENNIT_NOT_LISTENING`) when it does not
   */
  getHosts(): readonly IAddress[] {
    const first = this.getHost()
    const { port } = this
    return port instanceof CombinedPort ? port.ports.map((each) => each.getHost()) : [first]
  }

  /** Where it listens, as far as its endpoint can say. */
  protected override get pathLabel(): string | undefined {
    const text = String(this.#endpoint)
    return text.startsWith('[object ') ? undefined : text
  }

  /** Where it is to listen, also before it does. */
  protected override facts(): Readonly<Record<string, Fact>> {
    const endpoint = this.pathLabel
    return endpoint === undefined ? super.facts() : { endpoint, ...super.facts() }
  }

  protected override listen(
    _context: IServiceContext,
    options: StreamListenOptions,
  ): Promise<IListeningPort> {
    return this.#endpoint.listen(this.#handler, options)
  }
}
