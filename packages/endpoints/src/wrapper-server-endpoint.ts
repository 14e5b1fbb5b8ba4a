/**
 * Something put around every handler that listens at an endpoint.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_WrapperServerEndpoint`.
 *
 * @module
 */
import type {
  ConnectionHandler,
  IListeningPort,
  IStreamServerEndpoint,
  StreamListenOptions,
} from '@sennit/interfaces'

/** Makes the handler that the endpoint gets of the one that it was given. */
export type WrapHandler = (handler: ConnectionHandler, options: StreamListenOptions) => ConnectionHandler

/**
 * Listens at another endpoint, with another handler around the given one; the port is the other endpoint's.
 *
 * @example
 * ```ts
 * const endpoint = new WrapperServerEndpoint(serverFromString('tcp:7000'), (inner) => logged(inner))
 * ```
 */
export class WrapperServerEndpoint implements IStreamServerEndpoint {
  readonly #endpoint: IStreamServerEndpoint
  readonly #wrap: WrapHandler

  /** @param wrap - called for each `listen`; what it throws rejects that */
  constructor(endpoint: IStreamServerEndpoint, wrap: WrapHandler) {
    this.#endpoint = endpoint
    this.#wrap = wrap
  }

  /**
   * Listens.
   *
   * @throws what the other endpoint's `listen` throws, as a rejection
   */
  async listen(handler: ConnectionHandler, options: StreamListenOptions = {}): Promise<IListeningPort> {
    return this.#endpoint.listen(this.#wrap(handler, options), options)
  }
}
