/**
 * Connecting one protocol object instead of a factory.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `connectProtocol`.
 * Differs: takes the options of `connect`.
 *
 * @module
 */
import type { ConnectOptions, IProtocol, IProtocolFactory, IStreamClientEndpoint } from '@sennit/interfaces'

/**
 * Connects `protocol` by an endpoint.
 *
 * @param protocol - used for this one connection; its `factory` is not set
 * @returns the protocol, connected
 * @throws what the endpoint's `connect` throws, as a rejection
 * @example
 * ```ts
 * const greeter = await connectProtocol(clientFromString('tcp:127.0.0.1:7'), new Greeter(), { timeout: '5s' })
 * ```
 */
export function connectProtocol<P extends IProtocol>(
  endpoint: IStreamClientEndpoint,
  protocol: P,
  options?: ConnectOptions,
): Promise<P> {
  return endpoint.connect(new OneShotFactory(protocol), options)
}

class OneShotFactory<P extends IProtocol> implements IProtocolFactory<P> {
  readonly #protocol: P

  constructor(protocol: P) {
    this.#protocol = protocol
  }

  buildProtocol(): P {
    return this.#protocol
  }

  doStart(): void {}

  doStop(): void {}
}
