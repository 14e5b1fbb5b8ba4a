/**
 * Limits how many connections there are at once from each peer.
 *
 * Source: Twisted, `twisted/protocols/policies.py`, `LimitConnectionsByPeer`.
 * Differs: the limit is an option; who is a peer can be said; a connection whose protocol was refused does not count.
 *
 * @module
 */
import type { IAddress, IProtocol, IProtocolFactory } from '@sennit/interfaces'
import { checkedCount, PolicyOptionError } from './policy-errors.ts'
import type { ProtocolWrapper } from './protocol-wrapper.ts'
import { WrappingFactory } from './wrapping-factory.ts'

/** Options of a `LimitConnectionsByPeer`. */
export interface LimitConnectionsByPeerOptions {
  /** How many connections each peer may have at once. @defaultValue 5 */
  readonly maxConnectionsPerPeer?: number | undefined
  /**
   * Which addresses are one peer: those with the same text. `undefined` means that there is no limit for an address.
   *
   * @defaultValue the host; an address without one, such as that of a UNIX socket, has no limit
   */
  readonly peerOf?: ((address: IAddress) => string | undefined) | undefined
}

/**
 * Refuses connections from a peer that has too many already.
 *
 * @example
 * ```ts
 * await reactor.listenTCP(8000, new LimitConnectionsByPeer(factory, { maxConnectionsPerPeer: 20 }))
 * ```
 */
export class LimitConnectionsByPeer<P extends IProtocol = IProtocol> extends WrappingFactory<P> {
  readonly maxConnectionsPerPeer: number
  /** How many connections each peer has. */
  readonly peerConnections: Map<string, number> = new Map()
  /** How many connections were refused, ever. */
  refused = 0
  readonly #peerOf: (address: IAddress) => string | undefined
  readonly #peers = new WeakMap<ProtocolWrapper<P>, string>()

  /**
   * @throws HandlerError (`ERR_SENNIT_HANDLER`) when `wrappedFactory` builds no protocols
   * @throws PolicyOptionError (`ERR_SENNIT_POLICY_OPTION`) when an option is not what it must be
   */
  constructor(
    wrappedFactory: IProtocolFactory<P>,
    { maxConnectionsPerPeer = 5, peerOf = hostOf }: LimitConnectionsByPeerOptions = {},
  ) {
    super(wrappedFactory)
    this.maxConnectionsPerPeer = checkedCount('maxConnectionsPerPeer', maxConnectionsPerPeer)
    if (typeof peerOf !== 'function') throw new PolicyOptionError('peerOf', 'a function', peerOf)
    this.#peerOf = peerOf
  }

  override buildProtocol(address: IAddress): ProtocolWrapper<P> | undefined {
    const peer = this.#peerOf(address)
    if (peer === undefined) return super.buildProtocol(address)
    if ((this.peerConnections.get(peer) ?? 0) >= this.maxConnectionsPerPeer) {
      this.refused++
      return undefined
    }
    const wrapper = super.buildProtocol(address)
    if (wrapper !== undefined) this.#peers.set(wrapper, peer)
    return wrapper
  }

  override registerProtocol(wrapper: ProtocolWrapper<P>): void {
    super.registerProtocol(wrapper)
    const peer = this.#peers.get(wrapper)
    if (peer !== undefined) this.peerConnections.set(peer, (this.peerConnections.get(peer) ?? 0) + 1)
  }

  override unregisterProtocol(wrapper: ProtocolWrapper<P>): void {
    super.unregisterProtocol(wrapper)
    const peer = this.#peers.get(wrapper)
    if (peer === undefined) return
    const count = this.peerConnections.get(peer)! - 1
    if (count === 0) this.peerConnections.delete(peer)
    else this.peerConnections.set(peer, count)
  }
}

function hostOf(address: IAddress & { readonly host?: unknown }): string | undefined {
  return typeof address.host === 'string' && address.host !== '' ? address.host : undefined
}
