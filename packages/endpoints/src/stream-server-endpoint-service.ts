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
  IInspectable,
  IListeningPort,
  IStreamServerEndpoint,
  StreamListenOptions,
} from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { acquire } from '@sennit/runtime/internal'
import { Service, type HookContext, type ServiceOptions } from '@sennit/service'
import { ServiceNotListeningError } from './errors.ts'

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
export class StreamServerEndpointService extends Service {
  readonly #endpoint: IStreamServerEndpoint
  readonly #handler: ConnectionHandler
  readonly #options: StreamListenOptions
  #port: IListeningPort | undefined

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
    const { name, reactor, clock, log, random, startTimeout, stopTimeout, onFailure, ...listenOptions } =
      options
    super({ name, reactor, clock, log, random, startTimeout, stopTimeout, onFailure })
    this.#endpoint = endpoint
    this.#handler = handler
    this.#options = listenOptions
  }

  /** The port, from the privileged start to the stop. */
  get port(): IListeningPort | undefined {
    return this.#port
  }

  /**
   * Where it listens; the real port when 0 was asked for.
   *
   * @throws ServiceNotListeningError (`ERR_SENNIT_NOT_LISTENING`) when it does not
   */
  getHost(): IAddress {
    if (!this.#port) throw new ServiceNotListeningError()
    return this.#port.getHost()
  }

  protected override async onPrivilegedStart({ signal, context }: HookContext): Promise<void> {
    const { clock, log } = context
    const listening = this.#endpoint.listen(this.#handler, { ...this.#options, held: true, signal, context })
    this.#port = await acquire(listening, (port) => port.stopListening(), { signal, clock, log })
  }

  protected override onStart(hook: HookContext): void | Promise<void> {
    if (this.#port) this.#port.serve()
    else return this.onPrivilegedStart(hook).then(() => this.#port?.serve())
  }

  protected override onStop(): void | Promise<void> {
    const port = this.#port
    this.#port = undefined
    return port?.stopListening()
  }

  protected override facts(): Readonly<Record<string, Fact>> {
    const port = this.#port
    if (!port) return {}
    const address = port.getHost().toString()
    return hasRole<IInspectable>(port, ['describe']) ? { address, ...port.describe().facts } : { address }
  }
}
