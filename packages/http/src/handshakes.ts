/**
 * The connections on which a server with TLS makes the handshake itself: which encrypted socket has come of which connection.
 *
 * Node tells of the encrypted socket alone, and of all that were given to the server, by whomever. Both sockets have the same two
 * addresses; those without any, UNIX sockets, are told apart by nothing and taken in their order.
 *
 * @module
 */
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** What is on its way to be encrypted. */
export class Handshakes<T> {
  readonly #pending = new Map<string, Map<Duplex, T>>()

  /** Remembers a connection until it is taken, or closed. */
  add(socket: Duplex, arrival: T): void {
    const key = addressesOf(socket)
    const same = this.#pending.get(key) ?? new Map<Duplex, T>()
    this.#pending.set(key, same.set(socket, arrival))
    socket.once('close', () => this.#forget(key, socket))
  }

  /** What has become this encrypted socket; nothing when it was not given here. */
  take(encrypted: Duplex): T | undefined {
    const key = addressesOf(encrypted)
    const [first] = this.#pending.get(key) ?? []
    if (first === undefined) return undefined
    this.#forget(key, first[0])
    return first[1]
  }

  #forget(key: string, socket: Duplex): void {
    const same = this.#pending.get(key)
    if (same?.delete(socket) && same.size === 0) this.#pending.delete(key)
  }
}

/** Those of the connection itself, whatever a proxy has said about it. */
function addressesOf(socket: Duplex): string {
  if (!(socket instanceof Socket)) return ''
  return ['remoteAddress', 'remotePort', 'localAddress', 'localPort']
    .map((name) => String(Reflect.get(Socket.prototype, name, socket) ?? ''))
    .join(' ')
    .trim()
}
