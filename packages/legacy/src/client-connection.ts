/**
 * One outgoing connection of a service: the factory that the reactor sees, and the connector that the caller's factory sees.
 *
 * | state   | reactor: doStart | reactor: doStop | stop                         | the factory connects again |
 * |---------|------------------|-----------------|------------------------------|----------------------------|
 * | idle    | in use           | -               | ended                        | passed on                  |
 * | in use  | -                | idle            | ending, connector disconnects | passed on                 |
 * | ending  | -                | ended, told     | -                            | ignored                    |
 * | ended   | -                | -               | -                            | ignored                    |
 *
 * @module
 */
import type {
  IAbortableTransport,
  IAddress,
  IClientFactory,
  IConnector,
  IProtocol,
  IServiceContext,
} from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'

/** A factory that connects again by itself. */
export interface RetryingFactory {
  /** A service begins to use it. */
  inherit(context: IServiceContext): void
  /** Gives up the attempt of a connector that is waited for. */
  cancelRetry(connector: IConnector): void
}

/** Passes everything on between a reactor's connector and a factory, until it is stopped. */
export class ClientConnection implements IClientFactory, IConnector {
  readonly #factory: IClientFactory
  readonly #retrying: RetryingFactory | undefined
  #connector: IConnector | undefined
  #protocol: IProtocol | undefined
  #inUse = false
  #stopped = false
  #ended: (() => void) | undefined

  constructor(factory: IClientFactory, context: IServiceContext) {
    this.#factory = factory
    if (!hasRole<RetryingFactory>(factory, ['inherit', 'cancelRetry'])) return
    this.#retrying = factory
    factory.inherit(context)
  }

  /** Whether it never connects again. */
  get stopped(): boolean {
    return this.#stopped
  }

  /** Whether the reactor has an attempt or a connection. */
  get inUse(): boolean {
    return this.#inUse
  }

  /** Whether the connection stands. */
  get connected(): boolean {
    return this.#protocol !== undefined
  }

  /** To be called with what the reactor's connect returned. */
  begun(connector: IConnector): void {
    this.#connector = connector
  }

  /** Gives the attempt up, or closes the connection, for good. `ended` is called when it is gone, if that is not at once. */
  stop(ended: () => void): void {
    this.#stopped = true
    this.#retrying?.cancelRetry(this)
    this.#connector?.disconnect()
    this.#ended = ended
  }

  /** Cuts the connection. Whether its protocol shows a transport that can be cut. */
  abort(): boolean {
    const { transport } = (this.#protocol ?? {}) as { transport?: unknown }
    if (!hasRole<IAbortableTransport>(transport, ['abortConnection'])) return false
    transport.abortConnection()
    return true
  }

  doStart(): void {
    this.#inUse = true
    this.#factory.doStart()
  }

  doStop(): void {
    try {
      this.#factory.doStop()
    } finally {
      this.#inUse = false
      this.#ended?.()
    }
  }

  startedConnecting(connector: IConnector): void {
    this.#connector = connector
    this.#factory.startedConnecting(this)
  }

  buildProtocol(address: IAddress): IProtocol | undefined {
    this.#protocol = this.#factory.buildProtocol(address)
    return this.#protocol
  }

  clientConnectionFailed(_connector: IConnector, reason: Error): void {
    this.#protocol = undefined
    this.#factory.clientConnectionFailed(this, reason)
  }

  clientConnectionLost(_connector: IConnector, reason: Error): void {
    this.#protocol = undefined
    this.#factory.clientConnectionLost(this, reason)
  }

  /** Ignored once the service has stopped. */
  connect(): void {
    if (!this.#stopped) this.#connector?.connect()
  }

  stopConnecting(): void {
    this.#connector?.stopConnecting()
  }

  disconnect(): void {
    this.#connector?.disconnect()
  }

  getDestination(): IAddress {
    return this.#connector!.getDestination()
  }
}
