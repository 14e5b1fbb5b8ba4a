/**
 * A listener in the hands of a test.
 *
 * @module
 */
import type { IAddress } from '@sennit/interfaces'
import { CannotListenError, internetAddress, sslErrorFrom, UNIXAddress } from '@sennit/protocol'
import { DoubleStateError } from '../../errors.ts'
import type { Machine } from '../network/machine.ts'
import type { Acceptor, Network } from '../network/network.ts'
import type { Bound } from '../streams/memory-stream-port.ts'
import type { MemoryTransport } from '../streams/memory-transport.ts'
import type { TLSServer } from '../tls/tls-side.ts'
import { Received } from './received.ts'
import { attached } from './test-dial.ts'
import type { WorldAddress } from './world-address.ts'
import type { WorldPeer } from './world-peer.ts'

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
  /** Why handshakes have failed, oldest first. */
  readonly failures: Error[] = []
  readonly #network: Network
  readonly #bound: Bound
  readonly #tls: TLSServer | undefined
  readonly #received = new Received()
  #waiters: ((peer: WorldPeer) => void)[] = []

  /** @internal */
  constructor(network: Network, machine: Machine, address: WorldAddress, tls: TLSServer | undefined) {
    this.#network = network
    this.#tls = tls
    this.#bound = this.#bind(machine, address)
  }

  /** Where it listens. */
  getHost(): IAddress {
    return this.#bound.host
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
    this.#bound.release()
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
    if (this.#tls === undefined) {
      this.#take(transport)
      return
    }
    const { log } = this.#network
    transport.watch({ log, onLost: (error) => this.failures.push(sslErrorFrom(error)) })
    transport.secure(
      this.#tls.side(() => this.#network.now()),
      { timeout: undefined, failed: (error) => error, done: () => this.#take(transport) },
    )
  }

  #take(transport: MemoryTransport): void {
    const peer = attached(transport, this.#network, (data) => this.#received.add(data))
    this.connections.push(peer)
    for (const resolve of this.#waiters.splice(0)) resolve(peer)
  }

  #bind(machine: Machine, address: WorldAddress): Bound {
    if (address.kind === 'unix') {
      const { path } = address
      try {
        return { host: new UNIXAddress(path), release: machine.sockets.bind(path, 0o666, { stream: this }) }
      } catch (error) {
        throw new CannotListenError('', path, error)
      }
    }
    const place = this.#network.find(address.host, machine)
    const ports = this.#network.tcp(place.machine)
    try {
      const port = ports.bind(place.address, address.port, this)
      return { host: internetAddress('TCP', place.address, port), release: () => ports.release(port, this) }
    } catch (error) {
      throw new CannotListenError(place.address, address.port, error)
    }
  }

  #open(): WorldPeer[] {
    return this.connections.filter(({ closed }) => !closed)
  }
}
