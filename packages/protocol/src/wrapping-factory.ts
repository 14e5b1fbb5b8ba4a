/**
 * A factory that puts a wrapper around each protocol of another factory.
 *
 * Source: Twisted, `twisted/protocols/policies.py`, `WrappingFactory`.
 * Differs: the other factory may refuse a connection; when it wants to drain, or to know of attempts to connect, it is told.
 *
 * @module
 */
import type {
  IAddress,
  IClientFactory,
  IConnector,
  IDrain,
  IProtocol,
  IProtocolFactory,
} from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { ClientFactory } from './client-factory.ts'
import { HandlerError } from './errors.ts'
import type { ProtocolClass } from './factory.ts'
import { ProtocolWrapper, type WrapperOwner } from './protocol-wrapper.ts'

/**
 * Wraps a factory and its protocols, and keeps track of them. It takes the factory's place wherever that may stand.
 *
 * @example
 * ```ts
 * class CountingFactory<P extends IProtocol> extends WrappingFactory<P, Counting<P>> {
 *   override protocol = Counting<P>
 * }
 * await reactor.listenTCP(8000, new CountingFactory(Factory.forProtocol(Echo)))
 * ```
 */
export class WrappingFactory<
  P extends IProtocol = IProtocol,
  W extends ProtocolWrapper<P> = ProtocolWrapper<P>,
>
  extends ClientFactory<W>
  implements IClientFactory<W>, WrapperOwner<P>
{
  /** The class that is put around each protocol: it is given this factory, and the protocol. */
  override protocol: ProtocolClass<W> = ProtocolWrapper as unknown as ProtocolClass<W>
  /** The factory whose protocols are wrapped. */
  readonly wrappedFactory: IProtocolFactory<P>
  /** The wrappers whose connections stand. */
  readonly protocols: Set<ProtocolWrapper<P>> = new Set()
  /** Drains the wrapped factory; there is none when that has none. */
  declare readonly drain?: IDrain['drain']

  /** @throws HandlerError (`ERR_SENNIT_HANDLER`) when `wrappedFactory` builds no protocols */
  constructor(wrappedFactory: IProtocolFactory<P>) {
    super()
    if (!hasRole<IProtocolFactory>(wrappedFactory, ['buildProtocol', 'doStart', 'doStop'])) {
      throw new HandlerError(
        `Cannot wrap the factory: 'wrappedFactory' must have buildProtocol, got ${String(wrappedFactory)}`,
      )
    }
    this.wrappedFactory = wrappedFactory
    if (hasRole<IDrain>(wrappedFactory, ['drain'])) this.drain = (timeout) => wrappedFactory.drain(timeout)
  }

  /** The other factory's protocol, wrapped; `undefined` when that refuses the connection. */
  override buildProtocol(address: IAddress): W | undefined {
    const wrapped = this.wrappedFactory.buildProtocol(address)
    if (wrapped === undefined || wrapped === null) return undefined
    const Wrapper = this.protocol as unknown as new (factory: WrapperOwner<P>, wrappedProtocol: P) => W
    return new Wrapper(this, wrapped)
  }

  override doStart(): void {
    this.wrappedFactory.doStart()
    super.doStart()
  }

  override doStop(): void {
    this.wrappedFactory.doStop()
    super.doStop()
  }

  override startedConnecting(connector: IConnector): void {
    this.#client.startedConnecting?.(connector)
  }

  override clientConnectionFailed(connector: IConnector, reason: Error): void {
    this.#client.clientConnectionFailed?.(connector, reason)
  }

  override clientConnectionLost(connector: IConnector, reason: Error): void {
    this.#client.clientConnectionLost?.(connector, reason)
  }

  registerProtocol(wrapper: ProtocolWrapper<P>): void {
    this.protocols.add(wrapper)
  }

  unregisterProtocol(wrapper: ProtocolWrapper<P>): void {
    this.protocols.delete(wrapper)
  }

  get #client(): Partial<IClientFactory<P>> {
    return this.wrappedFactory
  }
}
