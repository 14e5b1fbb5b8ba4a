/**
 * One attempt of a client endpoint: the factory that the reactor sees, around the caller's.
 *
 * | stage      | build          | make                     | reactor: failed or lost | given up, by signal or otherwise |
 * |------------|----------------|--------------------------|-------------------------|--------------------------------|
 * | connecting | building, made | -                        | settled: rejected       | settled: rejected, connector stopped |
 * | built      | -              | settled: resolved        | settled: rejected       | settled: rejected; closed when made |
 * | settled    | refused        | closed                   | same                    | same                           |
 *
 * A factory that throws or builds nothing, and a `makeConnection` that throws, settle it with that error.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_WrappingFactory`, `_WrappingProtocol`.
 * Differs: a `connectionMade` that throws fails the result and drops the connection; cancelling between building and making a
 * connection closes it quietly.
 *
 * @module
 */
import type {
  IAddress,
  IClientFactory,
  IConnector,
  IProtocol,
  IProtocolFactory,
  IStreamTransport,
} from '@sennit/interfaces'
import { ConnectingCancelledError, NoProtocolError } from '@sennit/protocol'
import { asError, type CancelListener, type Cancellation } from '@sennit/runtime/internal'
import { ForwardingProtocol } from './forwarding-protocol.ts'

/** Settles a promise by what becomes of one `connectTCP` or the like. */
class ConnectAttempt<P extends IProtocol> implements IClientFactory, CancelListener {
  readonly #factory: IProtocolFactory<P>
  // Forgotten when settled, since the attempt lives as long as its connection.
  #resolve: ((protocol: P) => void) | undefined
  #reject: ((error: Error) => void) | undefined
  #connector: IConnector | undefined
  #signal: AbortSignal | undefined
  #cancellation: Cancellation | undefined
  #stage: 'connecting' | 'built' | 'settled' = 'connecting'

  constructor(factory: IProtocolFactory<P>, resolve: (protocol: P) => void, reject: (error: Error) => void) {
    this.#factory = factory
    this.#resolve = resolve
    this.#reject = reject
  }

  get settled(): boolean {
    return this.#stage === 'settled'
  }

  /** To be called with what the reactor's connect returned. */
  begun(
    connector: IConnector,
    signal: AbortSignal | undefined,
    cancellation: Cancellation | undefined,
  ): void {
    if (this.settled) return
    this.#connector = connector
    if (signal !== undefined) {
      this.#signal = signal
      if (signal.aborted) return this.handleEvent()
      signal.addEventListener('abort', this)
    }
    if (cancellation !== undefined) {
      if (cancellation.isCancelled) return this.cancelled(undefined)
      this.#cancellation = cancellation
      cancellation.listener = this
    }
  }

  /** The signal is aborted. */
  handleEvent(): void {
    this.cancelled(this.#signal?.reason)
  }

  /** It is given up. */
  cancelled(cause: unknown): void {
    const connecting = this.#stage === 'connecting'
    const connector = this.#connector!
    this.fail(new ConnectingCancelledError(connector.getDestination(), { cause }))
    if (!connecting) return
    try {
      connector.stopConnecting()
    } catch {
      // It is not connecting any more: what comes of it is refused by `buildProtocol`.
    }
  }

  doStart(): void {
    this.#factory.doStart()
  }

  doStop(): void {
    this.#factory.doStop()
  }

  startedConnecting(): void {}

  buildProtocol(address: IAddress): IProtocol | undefined {
    if (this.settled) return undefined
    this.#stage = 'built'
    let protocol: P | undefined
    try {
      protocol = this.#factory.buildProtocol(address)
      if (!protocol) throw new NoProtocolError()
    } catch (error) {
      this.fail(asError(error))
      return undefined
    }
    return new AttemptProtocol(this, protocol)
  }

  clientConnectionFailed(_connector: IConnector, reason: Error): void {
    this.fail(reason)
  }

  clientConnectionLost(_connector: IConnector, reason: Error): void {
    this.fail(reason)
  }

  /** The protocol has its connection. */
  succeed(protocol: P): void {
    const resolve = this.#resolve
    this.#settle()
    resolve?.(protocol)
  }

  /** There will be no connection. */
  fail(error: Error): void {
    const reject = this.#reject
    this.#settle()
    reject?.(error)
  }

  #settle(): void {
    this.#stage = 'settled'
    this.#resolve = undefined
    this.#reject = undefined
    this.#signal?.removeEventListener('abort', this)
    this.#signal = undefined
    if (this.#cancellation !== undefined) this.#cancellation.listener = undefined
    this.#cancellation = undefined
    this.#connector = undefined
  }
}

/** Stands between the reactor and the caller's protocol, which has everything passed on to it once it is connected. */
class AttemptProtocol<P extends IProtocol> extends ForwardingProtocol {
  readonly #attempt: ConnectAttempt<P>
  readonly #protocol: P

  constructor(attempt: ConnectAttempt<P>, protocol: P) {
    super()
    this.#attempt = attempt
    this.#protocol = protocol
  }

  makeConnection(transport: IStreamTransport): void {
    if (this.#attempt.settled) {
      transport.loseConnection()
      return
    }
    this.target = this.#protocol
    try {
      this.#protocol.makeConnection(transport)
    } catch (error) {
      this.#attempt.fail(asError(error))
      transport.abortConnection()
      return
    }
    // The signal may have been aborted meanwhile.
    if (this.#attempt.settled) transport.loseConnection()
    else this.#attempt.succeed(this.#protocol)
  }
}

/**
 * Connects by a reactor, and yields the protocol that the factory built, after its `makeConnection`.
 *
 * @param destination - where to, for the error of an attempt that does not begin
 * @param begin - calls the reactor's connect
 * @param cancellation - gives it up, as the signal does
 */
export function connectBy<P extends IProtocol>(
  factory: IProtocolFactory<P>,
  signal: AbortSignal | undefined,
  destination: () => IAddress,
  begin: (attempt: IClientFactory) => IConnector,
  cancellation?: Cancellation,
): Promise<P> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) throw new ConnectingCancelledError(destination(), { cause: signal.reason })
    const attempt = new ConnectAttempt(factory, resolve, reject)
    attempt.begun(begin(attempt), signal, cancellation)
  })
}
