/**
 * The files of UNIX sockets on one simulated machine, and who is behind each.
 *
 * @module
 */
import { posix } from 'node:path'
import type { Machine } from '../network/machine.ts'
import type { Acceptor, PathReceiver } from '../network/network.ts'
import { systemError } from '../system-error.ts'
import type { DiskNode } from './disk.ts'

/** Who is behind a socket's file. */
export type SocketOwner = { readonly stream: Acceptor } | { readonly datagram: PathReceiver }

/** The sockets of one machine. */
export class SocketFiles {
  readonly #machine: Machine
  /** By file, so that what lies at a path later is another socket. */
  readonly #owners = new Map<DiskNode, SocketOwner>()

  constructor(machine: Machine) {
    this.#machine = machine
  }

  /**
   * Binds; the file of a socket that nobody is behind any more is taken over.
   *
   * @returns takes our own file away, if it is still there
   * @throws Error with Node's fields when the path is taken, or has no folder
   */
  bind(path: string, mode: number, owner: SocketOwner): () => void {
    const { disk } = this.#machine
    if (disk.find(posix.dirname(path))?.kind !== 'folder') throw systemError('ENOENT', 'bind', path)
    const before = disk.at(path)
    if (before !== undefined && (before.kind !== 'socket' || this.#owners.has(before)))
      throw systemError('EADDRINUSE', 'bind', path)
    const node: DiskNode = { kind: 'socket', mode }
    disk.put(path, node)
    this.#owners.set(node, owner)
    return () => {
      this.#owners.delete(node)
      disk.remove(path, node)
    }
  }

  /** Leaves the file at a path, with nobody behind it. */
  leave(path: string): void {
    const node = this.#machine.disk.find(path)
    if (node !== undefined) this.#owners.delete(node)
  }

  /** Gives what stands at a path to another owner. */
  handOver(path: string, owner: SocketOwner): void {
    const node = this.#machine.disk.find(path)
    if (node !== undefined && this.#owners.has(node)) this.#owners.set(node, owner)
  }

  /** @throws what the system says when no stream listens there */
  acceptor(path: string): Acceptor {
    const owner = this.#owner(path, 'connect')
    if ('stream' in owner) return owner.stream
    throw systemError('EPROTOTYPE', 'connect', path)
  }

  /** @throws what the system says when nobody receives there */
  receiver(path: string): PathReceiver {
    const owner = this.#owner(path, 'send')
    if ('datagram' in owner) return owner.datagram
    throw systemError('EPROTOTYPE', 'send', path)
  }

  #owner(path: string, syscall: string): SocketOwner {
    const node = this.#machine.disk.find(path)
    if (node === undefined) throw systemError('ENOENT', syscall, path)
    const owner = this.#owners.get(node)
    if (owner === undefined) throw systemError('ECONNREFUSED', syscall, path)
    return owner
  }
}
