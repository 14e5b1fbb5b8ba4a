/**
 * The protocol that an endpoint sees in place of the application's, so that the client learns of the loss.
 *
 * **Source:** Twisted, `twisted/application/_client_service.py`, `_ReconnectingProtocolProxy`.
 * **Differs:** the application never sees it.
 *
 * @module
 */
import type { IConnectAttempt, IProtocol, IStreamTransport } from '@sennit/interfaces'
import { forwardMissing } from '@sennit/protocol/internal/client'

/** What a proxy needs of the attempt that it belongs to. */
export interface ProxyAttempt extends Pick<IConnectAttempt, 'context' | 'lost'> {
  /** The proxy that it has made: the last one, if it has made several. A protocol may serve several attempts. */
  proxy?: ReconnectingProtocolProxy | undefined
}

/** Forwards everything to the application's protocol, and tells the attempt of the loss. */
export class ReconnectingProtocolProxy<P extends IProtocol = IProtocol> implements IProtocol {
  readonly inner: P
  /** What the connection is closed through, once it stands. */
  connection: IStreamTransport | undefined = undefined
  protected readonly attempt: ProxyAttempt

  constructor(inner: P, attempt: ProxyAttempt) {
    this.inner = inner
    this.attempt = attempt
    attempt.proxy = this
  }

  makeConnection(transport: IStreamTransport): void {
    this.connection = transport
    return this.inner.makeConnection(transport)
  }

  dataReceived(data: Uint8Array): void {
    return this.inner.dataReceived(data)
  }

  /** Tells the protocol first; the attempt is told even when the protocol throws. */
  connectionLost(reason: Error): void {
    try {
      return this.inner.connectionLost(reason)
    } finally {
      this.attempt.lost(reason)
    }
  }

  toString(): string {
    return `ReconnectingProtocolProxy(${String(this.inner)})`
  }
}

forwardMissing(ReconnectingProtocolProxy.prototype, (proxy) => proxy.inner)
