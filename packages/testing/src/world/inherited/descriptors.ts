/**
 * The sockets that a program on a simulated machine is started with, or is given by others: they are open before the program knows them.
 *
 * @module
 */
import type { InheritedSocket, SocketFamily } from '@sennit/interfaces'
import { ReactorOptionError, UnsupportedAddressFamily, UnsupportedSocketType } from '@sennit/protocol'
import type { Acceptor, DatagramReceiver } from '../network/network.ts'
import type { Bound } from '../streams/memory-stream-port.ts'
import type { MemoryTransport } from '../streams/memory-transport.ts'
import { systemError } from '../system-error.ts'

/** The first number that a service manager gives. */
const FIRST = 3

/** A socket that listens, and keeps connections until somebody serves it. */
export class OpenListener implements Acceptor {
  readonly isOurs = true
  readonly #waiting: MemoryTransport[] = []
  readonly #takers: ((connection: MemoryTransport) => void)[] = []

  accept(connection: MemoryTransport): void {
    const taker = this.#takers.shift()
    if (taker === undefined) this.#waiting.push(connection)
    else taker(connection)
  }

  /** The next connection: one that has come, or the first that comes. */
  next(): Promise<MemoryTransport> {
    return new Promise((resolve) => {
      const connection = this.#waiting.shift()
      if (connection === undefined) this.#takers.push(resolve)
      else resolve(connection)
    })
  }

  /** What has come so far. */
  taken(): MemoryTransport[] {
    return this.#waiting.splice(0)
  }
}

/** A UDP socket that is bound; what comes before somebody receives it is dropped, as when a buffer is full. */
export class OpenDatagramSocket implements DatagramReceiver {
  receive(): void {}
}

/** What is behind a number. */
export type Descriptor =
  | {
      readonly kind: 'listener'
      readonly family: SocketFamily
      readonly listener: OpenListener
      readonly bound: Bound
      /** Gives what stands at the address to another. */
      readonly handOver: (next: Acceptor) => void
    }
  | { readonly kind: 'connection'; readonly family: SocketFamily; readonly transport: MemoryTransport }
  | {
      readonly kind: 'datagram'
      readonly family: SocketFamily
      readonly socket: OpenDatagramSocket
      readonly address: string
      readonly port: number
    }

const FAMILIES: readonly unknown[] = ['INET', 'INET6', 'UNIX']

/** What each kind is called where it is of the wrong one. */
const TYPES = { listener: 'stream', connection: 'stream', datagram: 'datagram' } as const

/** The descriptors of one program. */
export class Descriptors {
  readonly #open = new Map<number, Descriptor>()
  readonly #inherited: InheritedSocket[] = []
  #next = FIRST

  /** What the program was started with, in order. */
  get inherited(): readonly InheritedSocket[] {
    return this.#inherited
  }

  /** Gives a socket a number. */
  add(descriptor: Descriptor): number {
    const fd = this.#next++
    this.#open.set(fd, descriptor)
    return fd
  }

  /**
   * The listener that has a number.
   *
   * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) when it is that of something else
   */
  listener(fd: number): Descriptor & { readonly kind: 'listener' } {
    const found = this.#open.get(fd)
    if (found?.kind === 'listener') return found
    throw new ReactorOptionError('accept', 'fd', 'the descriptor of a socket that listens', fd)
  }

  /** Says that the program was started with it. */
  inherit(fd: number, name: string): void {
    this.#inherited.push({ fd, name })
  }

  /**
   * Hands a socket over; its number is no longer anybody's.
   *
   * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`), UnsupportedAddressFamily, UnsupportedSocketType; the socket stays
   * @throws Error with `EINVAL` when it does not listen
   */
  take<K extends Descriptor['kind']>(
    fd: number,
    family: SocketFamily,
    kind: K,
  ): Descriptor & { readonly kind: K } {
    if (!FAMILIES.includes(family)) throw new UnsupportedAddressFamily(family)
    const found = this.#open.get(fd)
    if (found === undefined)
      throw new ReactorOptionError('adopt', 'fd', 'the descriptor of an open socket', fd)
    if (found.family !== family) throw new UnsupportedAddressFamily(`${found.family} (not ${family})`)
    const [type, wanted] = [TYPES[found.kind], TYPES[kind]]
    if (type !== wanted) throw new UnsupportedSocketType(`${type} (not ${wanted})`)
    if (found.kind !== kind) {
      if (kind === 'connection') throw new ReactorOptionError('adopt', 'fd', 'a socket that is connected', fd)
      throw systemError('EINVAL', 'listen')
    }
    this.#open.delete(fd)
    return found as Descriptor & { readonly kind: K }
  }
}
