/**
 * Closes connections on which nothing comes or goes, whatever their protocol.
 *
 * Source: Twisted, `twisted/protocols/policies.py`, `TimeoutProtocol`, `TimeoutFactory`.
 * Differs: the clock is that of the connection; a connection that does not close when its time is over is aborted. `idleTimeout` of
 * a listener is cheaper, and holds for all kinds of handler.
 *
 * @module
 */
import type {
  Duration,
  IProtocol,
  IProtocolFactory,
  IReactorTime,
  IStreamTransport,
  Seconds,
} from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'
import { ConnectionTimeout } from './connection-timeout.ts'
import { guardedCall } from './guarded-call.ts'
import { ProtocolWrapper, type WrapperOwner } from './protocol-wrapper.ts'
import { clockOf, logOf } from './situation.ts'
import { WrappingFactory } from './wrapping-factory.ts'

/** Options of a `TimeoutFactory`. */
export interface TimeoutFactoryOptions {
  /** How long nothing may come or go. @defaultValue '30m' */
  readonly timeoutPeriod?: Duration | undefined
  /** @defaultValue that of the connection, else the process's reactor */
  readonly clock?: IReactorTime | undefined
}

/** What a `TimeoutProtocol` takes from the factory that made it. */
export interface TimeoutOwner<P extends IProtocol> extends WrapperOwner<P> {
  /** In seconds. */
  readonly timeoutPeriod: Seconds
  readonly clock: IReactorTime | undefined
}

/** Closes its connection when nothing comes or goes for too long. */
export class TimeoutProtocol<P extends IProtocol = IProtocol> extends ProtocolWrapper<P> {
  readonly #clock: IReactorTime | undefined
  readonly #timeout: ConnectionTimeout = new ConnectionTimeout(() => this.#expired())
  #period: Seconds

  constructor(factory: TimeoutOwner<P>, wrappedProtocol: P) {
    super(factory, wrappedProtocol)
    this.#clock = factory.clock
    this.#period = factory.timeoutPeriod
  }

  /** How long nothing may come or go, in seconds; `Infinity` when there is no limit. */
  get timeoutPeriod(): Seconds {
    return this.#period
  }

  /**
   * Sets another timeout, which counts from now.
   *
   * @throws DurationError (`ERR_SENNIT_DURATION`) when it is no duration
   */
  setTimeout(period: Duration | undefined): void {
    this.#period = period === undefined ? Infinity : toSeconds(period, 'period')
    if (this.connected) this.#timeout.set(clockOf(this.transport, this.#clock), this.#period)
  }

  /** Takes the timeout away. */
  cancelTimeout(): void {
    this.setTimeout(undefined)
  }

  /** The time begins anew; harmless when there is no timeout. */
  resetTimeout(): void {
    this.#timeout.touch()
  }

  /** The time is over: closes the connection, unless overridden, and aborts it when it takes more than five seconds to close. */
  timeoutFunc(): void {
    this.closing = true
    this.#timeout.close(clockOf(this.transport, this.#clock), this.transport)
  }

  override makeConnection(transport: IStreamTransport): void {
    this.#timeout.set(clockOf(transport, this.#clock), this.#period)
    super.makeConnection(transport)
  }

  override dataReceived(data: Uint8Array): void {
    this.#timeout.touch()
    super.dataReceived(data)
  }

  override write(data: Uint8Array): void {
    this.#timeout.touch()
    super.write(data)
  }

  override writeSequence(data: Iterable<Uint8Array>): void {
    this.#timeout.touch()
    super.writeSequence(data)
  }

  override connectionLost(reason: Error): void {
    this.#timeout.stop()
    super.connectionLost(reason)
  }

  #expired(): void {
    const { transport } = this
    guardedCall(() => this.timeoutFunc(), 'timeoutFunc', transport, logOf(transport))
  }
}

/**
 * Closes each connection on which nothing comes or goes for too long.
 *
 * @example
 * ```ts
 * await reactor.listenTCP(8000, new TimeoutFactory(Factory.forProtocol(Echo), { timeoutPeriod: '5m' }))
 * ```
 */
export class TimeoutFactory<P extends IProtocol = IProtocol>
  extends WrappingFactory<P, TimeoutProtocol<P>>
  implements TimeoutOwner<P>
{
  override protocol: typeof TimeoutProtocol<P> = TimeoutProtocol<P>
  readonly timeoutPeriod: Seconds
  readonly clock: IReactorTime | undefined

  /**
   * @throws HandlerError (`ERR_SENNIT_HANDLER`) when `wrappedFactory` builds no protocols
   * @throws DurationError (`ERR_SENNIT_DURATION`) when `timeoutPeriod` is no duration
   */
  constructor(
    wrappedFactory: IProtocolFactory<P>,
    { timeoutPeriod = '30m', clock }: TimeoutFactoryOptions = {},
  ) {
    super(wrappedFactory)
    this.timeoutPeriod = toSeconds(timeoutPeriod, 'timeoutPeriod')
    this.clock = clock
  }
}
