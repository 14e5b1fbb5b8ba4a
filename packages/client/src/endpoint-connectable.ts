/**
 * Endpoints with a protocol factory, as something that a connection can be kept to.
 *
 * @module
 */
import { Duplex } from 'node:stream'
import type {
  Duration,
  IConnectAttempt,
  IProtocol,
  IProtocolFactory,
  IStopRequested,
  IStreamClientEndpoint,
  IStreamTransport,
  Seconds,
} from '@sennit/interfaces'
import { CancelledError, hasRole } from '@sennit/runtime'
import { asError, cancellableOf } from '@sennit/runtime/internal'
import { Attempt, type AttemptConnectable } from './attempt.ts'
import { DisconnectFactory } from './disconnect-factory.ts'
import { nameOf } from './name-of.ts'
import type { ProxyAttempt } from './reconnecting-protocol-proxy.ts'

/** What endpoints are told, and how their connections are watched. */
export interface EndpointSettings {
  readonly timeout?: Duration | undefined
  readonly keepAlive?: Duration | false | undefined
  readonly receiveTimeout?: Seconds | undefined
}

const NO_SETTINGS: EndpointSettings = {}

/** Connects to each endpoint in turn, one with each attempt; yields the application's own protocol. */
export class EndpointConnectable<P extends IProtocol> implements AttemptConnectable<P> {
  readonly #endpoints: IStreamClientEndpoint | readonly IStreamClientEndpoint[]
  readonly #factory: IProtocolFactory<P>
  readonly #settings: EndpointSettings
  #turn = -1

  constructor(
    endpoints: IStreamClientEndpoint | readonly IStreamClientEndpoint[],
    factory: IProtocolFactory<P>,
    settings: EndpointSettings = NO_SETTINGS,
  ) {
    this.#endpoints = endpoints
    this.#factory = factory
    this.#settings = settings
  }

  connect(attempt: IConnectAttempt): Promise<P> {
    const factory = new DisconnectFactory(this.#factory, attempt, this.#settings.receiveTimeout)
    this.#turn++
    try {
      return this.#begin(factory, attempt).then(() => builtBy(factory))
    } catch (error) {
      return Promise.reject(asError(error))
    }
  }

  #begin(factory: DisconnectFactory<P>, attempt: IConnectAttempt): Promise<unknown> {
    const { timeout, keepAlive } = this.#settings
    const endpoint = this.#endpoint
    const { context } = attempt
    const cancellable = attempt instanceof Attempt ? cancellableOf(endpoint.connect) : undefined
    if (cancellable === undefined) {
      const { signal } = attempt
      return Promise.resolve(endpoint.connect(factory, { signal, timeout, keepAlive, context }))
    }
    return cancellable(endpoint, factory, { timeout, keepAlive, context }, attempt as Attempt<P>)
  }

  close(protocol: P, reason: Error, attempt?: IConnectAttempt): void {
    // Only a stop leaves time for a goodbye.
    if (reason instanceof CancelledError && hasRole<IStopRequested>(protocol, ['stopRequested']))
      protocol.stopRequested()
    // A stream is a producer as long as it is open, and a transport waits for its producer.
    else if (protocol instanceof Duplex) protocol.end(() => protocol.destroy())
    else connectionOf(attempt)?.loseConnection()
  }

  abort(_protocol: P, attempt?: IConnectAttempt): void {
    connectionOf(attempt)?.abortConnection()
  }

  /** The endpoint of the last attempt. */
  toString(): string {
    return nameOf(this.#endpoint)
  }

  get #endpoint(): IStreamClientEndpoint {
    const endpoints = this.#endpoints
    return isList(endpoints) ? endpoints[Math.max(0, this.#turn) % endpoints.length]! : endpoints
  }
}

/** What an attempt connected, so that one protocol for all of them does not lead to another one's connection. */
function connectionOf(attempt: (IConnectAttempt & ProxyAttempt) | undefined): IStreamTransport | undefined {
  return attempt?.proxy?.connection
}

function builtBy<P extends IProtocol>({ built }: DisconnectFactory<P>): P {
  if (built !== undefined) return built
  throw new TypeError('Cannot connect: the endpoint must have built a protocol, got none')
}

/** `Array.isArray` does not know of lists that are only read. */
export function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value)
}
