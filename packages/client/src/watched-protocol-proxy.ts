/**
 * A proxy that cuts a connection on which nothing is received for too long.
 *
 * @module
 */
import type { IProtocol, IStreamTransport, Seconds } from '@sennit/interfaces'
import { ConnectionLost, ConnectionTimeout } from '@sennit/protocol/internal/client'
import { type ProxyAttempt, ReconnectingProtocolProxy } from './reconnecting-protocol-proxy.ts'

/** A class of its own, so that a connection that is not watched pays nothing for it. */
export class WatchedProtocolProxy<P extends IProtocol = IProtocol> extends ReconnectingProtocolProxy<P> {
  readonly #receiveTimeout: Seconds
  #watch: ConnectionTimeout | undefined

  constructor(inner: P, attempt: ProxyAttempt, receiveTimeout: Seconds) {
    super(inner, attempt)
    this.#receiveTimeout = receiveTimeout
  }

  override makeConnection(transport: IStreamTransport): void {
    const timeout = this.#receiveTimeout
    this.#watch = new ConnectionTimeout(() =>
      transport.abortConnection(
        new ConnectionLost(`nothing was received for ${timeout} s`, { code: 'ETIMEDOUT' }),
      ),
    )
    this.#watch.set(this.attempt.context.clock, timeout)
    return super.makeConnection(transport)
  }

  override dataReceived(data: Uint8Array): void {
    this.#watch?.touch()
    return super.dataReceived(data)
  }

  override connectionLost(reason: Error): void {
    this.#watch?.stop()
    return super.connectionLost(reason)
  }
}
