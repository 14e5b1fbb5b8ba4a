/**
 * A stream handler, or an existing server, as a factory: for connections that are given to protocols only.
 *
 * @module
 */
import type {
  ConnectionHandler,
  IDrain,
  IProtocol,
  IProtocolFactory,
  ISocketHandler,
  IStopRequested,
  IStreamHandler,
  IStreamTransport,
} from '@sennit/interfaces'
import { DuplexProtocol, handlerKind } from '@sennit/protocol'
import { ConnectionContext, StreamSession } from '@sennit/protocol/internal'
import { asError } from '@sennit/runtime/internal'
import { tellAddresses } from './proxied-streams.ts'
import type { ProxyGate } from './proxy-gate.ts'

/** The handler itself when it is a factory, else one around it. */
export function asFactory(handler: ConnectionHandler, gate: ProxyGate): IProtocolFactory {
  return handlerKind(handler) === 'protocol'
    ? (handler as IProtocolFactory)
    : new StreamFactory(handler as IStreamHandler | ISocketHandler, gate)
}

class StreamFactory implements IProtocolFactory {
  readonly #handler: (IStreamHandler | ISocketHandler) & Partial<IDrain>
  readonly #surroundings: Pick<ProxyGate, 'clock' | 'log'>

  constructor(handler: IStreamHandler | ISocketHandler, surroundings: Pick<ProxyGate, 'clock' | 'log'>) {
    this.#handler = handler
    this.#surroundings = surroundings
  }

  buildProtocol(): IProtocol {
    return new ServedStream(this.#handler, this.#surroundings)
  }

  doStart(): void {}

  doStop(): void {}

  get drain(): IDrain['drain'] | undefined {
    return this.#handler.drain?.bind(this.#handler)
  }
}

/** A connection as a stream, and what serves it. */
class ServedStream extends DuplexProtocol implements IStopRequested {
  /** As on a `TLSSocket`. */
  readonly encrypted = true
  readonly #handler: IStreamHandler | ISocketHandler
  readonly #surroundings: Pick<ProxyGate, 'clock' | 'log'>
  #requestStop: (() => void) | undefined

  constructor(handler: IStreamHandler | ISocketHandler, surroundings: Pick<ProxyGate, 'clock' | 'log'>) {
    super({ allowHalfOpen: true })
    this.#handler = handler
    this.#surroundings = surroundings
  }

  override makeConnection(transport: IStreamTransport): void {
    super.makeConnection(transport)
    tellAddresses(this, transport.getPeer(), transport.getHost())
    const options = {
      peer: () => transport.getPeer(),
      host: () => transport.getHost(),
      ...this.#surroundings,
    }
    if (handlerKind(this.#handler) === 'stream') {
      const session = new StreamSession(this.#handler as IStreamHandler, this, options)
      this.#requestStop = () => session.requestStop()
      return
    }
    const context = new ConnectionContext(options)
    this.#requestStop = () => context.abort()
    try {
      ;(this.#handler as ISocketHandler).handleSocket(this, context)
    } catch (error) {
      options.log.error({ err: asError(error) }, 'handleSocket threw; the connection is closed')
      this.destroy()
    }
  }

  stopRequested(): void {
    this.#requestStop?.()
  }
}
