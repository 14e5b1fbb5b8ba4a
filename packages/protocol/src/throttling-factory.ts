/**
 * Limits connections, and the bytes that all of them together read and write in a second.
 *
 * Source: Twisted, `twisted/protocols/policies.py`, `ThrottlingFactory`.
 * Differs: the limits hold from the first byte, not from the second after; connections that want much share what there is equally, and
 * those that want little hardly wait; what is written without a producer is throttled as well; there is no timer while nobody waits.
 *
 * @module
 */
import type { IAddress, ILog, IProtocol, IProtocolFactory, IReactorTime } from '@sennit/interfaces'
import { checkedCount, checkedRate } from './policy-errors.ts'
import type { ProtocolWrapper } from './protocol-wrapper.ts'
import { clockOf, logOf, type MaybeSituated } from './situation.ts'
import { Throttle } from './throttle.ts'
import { type ThrottlingOwner, ThrottlingProtocol, type Throttles } from './throttling-protocol.ts'
import { WrappingFactory } from './wrapping-factory.ts'

/** Options of a `ThrottlingFactory`. */
export interface ThrottlingFactoryOptions {
  /** How many connections there may be at once; one more is refused. @defaultValue Infinity */
  readonly maxConnectionCount?: number | undefined
  /** How many bytes per second all connections together read. @defaultValue Infinity */
  readonly readLimit?: number | undefined
  /** How many bytes per second all connections together write. @defaultValue Infinity */
  readonly writeLimit?: number | undefined
  /** @defaultValue that of the connections, else the process's reactor */
  readonly clock?: IReactorTime | undefined
  /** Told when connections begin to be refused. @defaultValue that of the connections, else warnings and errors to stderr */
  readonly log?: ILog | undefined
}

/**
 * Throttles the connections of another factory.
 *
 * After a quiet time, up to one second's worth of bytes may go at once.
 *
 * @example
 * ```ts
 * await reactor.listenTCP(8000, new ThrottlingFactory(factory, { maxConnectionCount: 100, writeLimit: 1_000_000 }))
 * ```
 */
export class ThrottlingFactory<P extends IProtocol = IProtocol>
  extends WrappingFactory<P, ThrottlingProtocol<P>>
  implements ThrottlingOwner<P>
{
  override protocol: typeof ThrottlingProtocol<P> = ThrottlingProtocol<P>
  readonly maxConnectionCount: number
  readonly readLimit: number
  readonly writeLimit: number
  /** How many connections were refused, ever. */
  refused = 0
  readonly #clock: IReactorTime | undefined
  readonly #log: ILog | undefined
  #throttles: Throttles | undefined
  #refusing = false

  /**
   * @throws HandlerError (`ERR_SENNIT_HANDLER`) when `wrappedFactory` builds no protocols
   * @throws PolicyOptionError (`ERR_SENNIT_POLICY_OPTION`) when a limit is none
   */
  constructor(
    wrappedFactory: IProtocolFactory<P>,
    {
      maxConnectionCount = Infinity,
      readLimit = Infinity,
      writeLimit = Infinity,
      clock,
      log,
    }: ThrottlingFactoryOptions = {},
  ) {
    super(wrappedFactory)
    this.maxConnectionCount = checkedCount('maxConnectionCount', maxConnectionCount)
    this.readLimit = checkedRate('readLimit', readLimit)
    this.writeLimit = checkedRate('writeLimit', writeLimit)
    this.#clock = clock
    this.#log = log
  }

  /** How many connections there are. */
  get connectionCount(): number {
    return this.protocols.size
  }

  override buildProtocol(address: IAddress): ThrottlingProtocol<P> | undefined {
    if (this.connectionCount < this.maxConnectionCount) return super.buildProtocol(address)
    this.refused++
    if (!this.#refusing) {
      this.#refusing = true
      const [some] = this.protocols
      logOf(some?.transport, this.#log).warn(
        { maxConnectionCount: this.maxConnectionCount },
        'Connections are refused: there are as many as there may be',
      )
    }
    return undefined
  }

  /** What a new connection shares with the others. The clock is that of the first. @internal */
  throttlesFor(transport: MaybeSituated): Throttles {
    if (this.#throttles === undefined) {
      const clock = clockOf(transport, this.#clock)
      const throttle = (limit: number) => (limit === Infinity ? undefined : new Throttle(clock, limit))
      const log = logOf(transport, this.#log)
      this.#throttles = { reads: throttle(this.readLimit), writes: throttle(this.writeLimit), log }
    }
    return this.#throttles
  }

  override unregisterProtocol(wrapper: ProtocolWrapper<P>): void {
    super.unregisterProtocol(wrapper)
    if (this.connectionCount <= this.maxConnectionCount / 2) this.#refusing = false
  }
}
