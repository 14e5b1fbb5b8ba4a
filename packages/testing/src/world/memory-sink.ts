/**
 * A listener in the hands of a test.
 *
 * @module
 */
import type { IAddress } from '@sennit/interfaces'
import { CannotListenError, type InternetAddress, internetAddress } from '@sennit/protocol'
import { DoubleStateError } from '../errors.ts'
import type { MemoryTransport } from './memory-transport.ts'
import type { Acceptor, Network, Place } from './network.ts'
import { Received } from './received.ts'
import { WorldPeer } from './world-peer.ts'

/**
 * Accepts every connection, and collects what comes.
 *
 * @example
 * ```ts
 * const sink = world.listen('tcp:carbon:2003')
 * await world.advance('1m')
 * assert.equal(sink.text(), 'a 1\n')
 * ```
 */
export class MemorySink implements Acceptor {
  /** @internal */
  readonly isOurs = false
  /** All connections that came, oldest first. */
  readonly connections: WorldPeer[] = []
  readonly #network: Network
  readonly #place: Place
  readonly #host: InternetAddress
  readonly #received = new Received()
  #waiters: ((peer: WorldPeer) => void)[] = []

  /** @internal */
  constructor(network: Network, place: Place, port: number) {
    this.#network = network
    this.#place = place
    try {
      const real = network.tcp(place.machine).bind(place.address, port, this)
      this.#host = internetAddress('TCP', place.address, real)
    } catch (error) {
      throw new CannotListenError(place.address, port, error)
    }
  }

  /** Where it listens. */
  getHost(): IAddress {
    return this.#host
  }

  /** What has come over all connections, as text, in the order in which it came. */
  text(): string {
    return this.#received.text()
  }

  /** What has come over all connections. */
  bytes(): Buffer {
    return this.#received.bytes()
  }

  /** Forgets what has come. */
  clear(): void {
    this.#received.clear()
  }

  /** Settles when what has come contains a text or matches; give it to `world.run`. */
  received(wanted: string | RegExp): Promise<void> {
    return this.#received.wait(wanted)
  }

  /** The next connection that comes; give it to `world.run`. */
  nextConnection(): Promise<WorldPeer> {
    return new Promise((resolve) => {
      this.#waiters.push(resolve)
    })
  }

  /**
   * Sends to every open connection.
   *
   * @throws DoubleStateError (`ERR_SENNIT_DOUBLE_STATE`) when there is none
   */
  write(data: string | Uint8Array): void {
    const open = this.#open()
    if (open.length === 0) throw new DoubleStateError('Cannot write: no connection is open')
    for (const peer of open) peer.write(data)
  }

  /** Listens no more: connections that come are refused. Those that stand go on. */
  stopListening(): void {
    this.#network.tcp(this.#place.machine).release(this.#host.port, this)
  }

  /** Listens no more, and closes every connection. */
  close(): void {
    this.stopListening()
    for (const peer of this.#open()) peer.close()
  }

  /** Listens no more, and resets every connection. */
  abort(): void {
    this.stopListening()
    for (const peer of this.#open()) peer.abort()
  }

  /** @internal */
  accept(transport: MemoryTransport): void {
    const peer = new WorldPeer((data) => this.#received.add(data))
    transport.attach(peer, { onLost: () => {}, log: this.#network.log })
    this.connections.push(peer)
    for (const resolve of this.#waiters.splice(0)) resolve(peer)
  }

  #open(): WorldPeer[] {
    return this.connections.filter(({ closed }) => !closed)
  }
}
