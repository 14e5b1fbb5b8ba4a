/**
 * Limits how many connections there are at once.
 *
 * Source: Twisted, `twisted/protocols/policies.py`, `LimitTotalConnectionsFactory`.
 * Differs: it wraps a factory; those that are too many are served by another factory, and do not count. `maxConnections` of a listener
 * is cheaper, and holds for all kinds of handler.
 *
 * @module
 */
import type { IAddress, IProtocol, IProtocolFactory } from '@sennit/interfaces'
import { checkedCount } from './policy-errors.ts'
import { ProtocolWrapper } from './protocol-wrapper.ts'
import { WrappingFactory } from './wrapping-factory.ts'

/** Options of a `LimitTotalConnectionsFactory`. */
export interface LimitTotalConnectionsOptions<O extends IProtocol = never> {
  /** How many connections there may be at once. @defaultValue Infinity */
  readonly connectionLimit?: number | undefined
  /** Serves those that are too many, to tell them so and close. @defaultValue none: they are refused */
  readonly overflowFactory?: IProtocolFactory<O> | undefined
}

/**
 * Refuses connections when there are too many, or has them served by another factory.
 *
 * @example
 * ```ts
 * await reactor.listenTCP(8000, new LimitTotalConnectionsFactory(factory, { connectionLimit: 100, overflowFactory: sorry }))
 * ```
 */
export class LimitTotalConnectionsFactory<
  P extends IProtocol = IProtocol,
  O extends IProtocol = never,
> extends WrappingFactory<P | O> {
  readonly connectionLimit: number
  readonly overflowFactory: IProtocolFactory<O> | undefined
  /** How many connections were refused, or served as too many, ever. */
  refused = 0
  readonly #overflowing = new WeakSet<object>()
  #count = 0

  /**
   * @throws HandlerError (`ERR_SENNIT_HANDLER`) when `wrappedFactory` builds no protocols
   * @throws PolicyOptionError (`ERR_SENNIT_POLICY_OPTION`) when `connectionLimit` is no number of connections
   */
  constructor(
    wrappedFactory: IProtocolFactory<P>,
    { connectionLimit = Infinity, overflowFactory }: LimitTotalConnectionsOptions<O> = {},
  ) {
    super(wrappedFactory)
    this.connectionLimit = checkedCount('connectionLimit', connectionLimit)
    this.overflowFactory = overflowFactory
  }

  /** How many connections there are, without those that are too many. */
  get connectionCount(): number {
    return this.#count
  }

  override buildProtocol(address: IAddress): ProtocolWrapper<P | O> | undefined {
    if (this.#count < this.connectionLimit) return super.buildProtocol(address)
    this.refused++
    const overflow = this.overflowFactory?.buildProtocol(address)
    if (overflow === undefined || overflow === null) return undefined
    const wrapper = new ProtocolWrapper<P | O>(this, overflow)
    this.#overflowing.add(wrapper)
    return wrapper
  }

  override doStart(): void {
    super.doStart()
    this.overflowFactory?.doStart()
  }

  override doStop(): void {
    this.overflowFactory?.doStop()
    super.doStop()
  }

  override registerProtocol(wrapper: ProtocolWrapper<P | O>): void {
    super.registerProtocol(wrapper)
    if (!this.#overflowing.has(wrapper)) this.#count++
  }

  override unregisterProtocol(wrapper: ProtocolWrapper<P | O>): void {
    super.unregisterProtocol(wrapper)
    if (!this.#overflowing.has(wrapper)) this.#count--
  }
}
