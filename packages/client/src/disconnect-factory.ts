/**
 * The factory that an endpoint sees in place of the application's, so that the client learns of the loss.
 *
 * **Source:** Twisted, `twisted/application/_client_service.py`, `_DisconnectFactory`.
 *
 * @module
 */
import type { IAddress, IProtocol, IProtocolFactory, Seconds } from '@sennit/interfaces'
import { forwardMissing } from '@sennit/protocol/internal/client'
import { type ProxyAttempt, ReconnectingProtocolProxy } from './reconnecting-protocol-proxy.ts'
import { WatchedProtocolProxy } from './watched-protocol-proxy.ts'

/** Wraps what the application's factory builds; forwards the rest. There is one for each attempt. */
export class DisconnectFactory<P extends IProtocol = IProtocol> implements IProtocolFactory<
  ReconnectingProtocolProxy<P>
> {
  readonly inner: IProtocolFactory<P>
  /** What the application's factory built last. */
  built: P | undefined = undefined
  readonly #attempt: ProxyAttempt
  readonly #receiveTimeout: Seconds

  /** @param receiveTimeout - cuts a connection on which nothing was received for so many seconds; `Infinity` for never */
  constructor(inner: IProtocolFactory<P>, attempt: ProxyAttempt, receiveTimeout: Seconds = Infinity) {
    this.inner = inner
    this.#attempt = attempt
    this.#receiveTimeout = receiveTimeout
  }

  buildProtocol(address: IAddress): ReconnectingProtocolProxy<P> | undefined {
    const protocol = this.inner.buildProtocol(address)
    if (protocol === undefined || protocol === null) return undefined
    this.built = protocol
    const receiveTimeout = this.#receiveTimeout
    if (receiveTimeout === Infinity) return new ReconnectingProtocolProxy(protocol, this.#attempt)
    return new WatchedProtocolProxy(protocol, this.#attempt, receiveTimeout)
  }

  doStart(): void {
    return this.inner.doStart()
  }

  doStop(): void {
    return this.inner.doStop()
  }

  toString(): string {
    return `DisconnectFactory(${String(this.inner)})`
  }
}

forwardMissing(DisconnectFactory.prototype, (factory) => factory.inner)
