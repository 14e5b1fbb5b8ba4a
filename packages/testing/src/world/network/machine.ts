/**
 * A machine of the simulated network: its addresses, and what is bound to its ports.
 *
 * @module
 */
import { isIP } from 'node:net'
import { Disk } from '../files/disk.ts'
import { SocketFiles } from '../files/socket-files.ts'
import { systemError } from '../system-error.ts'

/** The first port that a machine picks for itself. */
const FIRST_EPHEMERAL = 49152

const ANY = '0.0.0.0'
const ANY_6 = '::'

interface Bound<T> {
  readonly address: string
  readonly owner: T
  /** Whether others may bind the same. */
  readonly isShared: boolean
}

/** What is bound to the ports of one kind (TCP or UDP). */
export class PortTable<T> {
  readonly #machine: Machine
  readonly #bound = new Map<number, Bound<T>[]>()

  constructor(machine: Machine) {
    this.#machine = machine
  }

  /**
   * Binds.
   *
   * @param address - an address of the machine, or one of those that mean all of a family
   * @param port - 0 picks a free one
   * @param isShared - whether others that say so, too, may bind the same
   * @returns the port
   * @throws Error with Node's fields when the address is not the machine's, or the port is in use
   */
  bind(address: string, port: number, owner: T, isShared = false): number {
    if (!this.#machine.hasAddress(address)) throw systemError('EADDRNOTAVAIL', 'bind', address, port)
    const real = port === 0 ? this.#free(address) : port
    if (real === undefined || this.#inUse(address, real, isShared))
      throw systemError('EADDRINUSE', 'bind', address, port)
    const bound = this.#bound.get(real)
    const each = { address, owner, isShared }
    if (bound === undefined) this.#bound.set(real, [each])
    else bound.push(each)
    return real
  }

  /** Frees what an owner has bound. */
  release(port: number, owner: T): void {
    const left = this.#bound.get(port)?.filter((each) => each.owner !== owner) ?? []
    if (left.length > 0) this.#bound.set(port, left)
    else this.#bound.delete(port)
  }

  /** Gives what an owner has bound to another one. */
  handOver(port: number, owner: T, next: T): void {
    const bound = this.#bound.get(port) ?? []
    this.#bound.set(
      port,
      bound.map((each) => (each.owner === owner ? { ...each, owner: next } : each)),
    )
  }

  /** Who has bound the port for traffic to an address; of several, the last one. */
  find(address: string, port: number): T | undefined {
    const bound = this.#bound.get(port)
    if (bound === undefined) return undefined
    const all = anyOf(address)
    return (
      bound.findLast((each) => each.address === address) ?? bound.findLast((each) => each.address === all)
    )?.owner
  }

  /** All who have bound a port. */
  at(port: number): readonly T[] {
    return this.#bound.get(port)?.map(({ owner }) => owner) ?? []
  }

  #inUse(address: string, port: number, isShared = false): boolean {
    const all = anyOf(address)
    return (this.#bound.get(port) ?? []).some(
      (each) =>
        !(isShared && each.isShared) &&
        (each.address === address ||
          each.address === all ||
          (address === all && anyOf(each.address) === all)),
    )
  }

  #free(address: string): number | undefined {
    for (let tries = 0; tries <= 65535 - FIRST_EPHEMERAL; tries++) {
      const port = this.#machine.nextPort()
      if (!this.#inUse(address, port)) return port
    }
    return undefined
  }
}

/** One machine. */
export class Machine {
  readonly name: string
  /** The number of the process that runs on it. */
  readonly pid: number
  /** The numbers of other processes that live on it: the first of all. */
  readonly pids: ReadonlySet<number> = new Set([1])
  readonly disk: Disk = new Disk()
  readonly sockets: SocketFiles = new SocketFiles(this)
  /** The locks that its process holds. */
  readonly locks: Set<string> = new Set()
  readonly #addresses: string[]
  #hasOwnAddresses = false
  #nextPort = FIRST_EPHEMERAL

  constructor(name: string, pid: number, addresses: readonly string[]) {
    this.name = name
    this.pid = pid
    this.#addresses = Array.from(addresses)
  }

  /** Its literals, without those that mean every machine itself. */
  get addresses(): readonly string[] {
    return this.#addresses
  }

  /** Whether it was given addresses. */
  get hasOwnAddresses(): boolean {
    return this.#hasOwnAddresses
  }

  get ipv4(): string | undefined {
    return this.#addresses.find((each) => isIP(each) === 4)
  }

  get ipv6(): string | undefined {
    return this.#addresses.find((each) => isIP(each) === 6)
  }

  /** Gives it addresses in the place of those that it had from the beginning, or besides those that it was given. */
  give(addresses: readonly string[]): void {
    if (!this.#hasOwnAddresses) this.#addresses.length = 0
    this.#hasOwnAddresses = true
    this.#addresses.push(...addresses)
  }

  /** Whether an address literal is the machine's own, or means all of its addresses of a family. */
  hasAddress(address: string): boolean {
    return isLocal(address) || this.#addresses.includes(address)
  }

  /** The address from which the machine talks to another address. */
  addressTowards(address: string): string {
    if (isLocal(address) || this.#addresses.includes(address)) return address
    return (isIP(address) === 6 ? this.ipv6 : this.ipv4) ?? address
  }

  /** A port that is picked by the machine; it may be in use. */
  nextPort(): number {
    const port = this.#nextPort
    this.#nextPort = port === 65535 ? FIRST_EPHEMERAL : port + 1
    return port
  }
}

/** Whether a host means the machine on which it is used. */
export function isLocal(host: string): boolean {
  return (
    host === '' ||
    host === 'localhost' ||
    host === ANY ||
    host === ANY_6 ||
    host === '::1' ||
    /^127\.\d+\.\d+\.\d+$/.test(host)
  )
}

function anyOf(address: string): string {
  return address.includes(':') ? ANY_6 : ANY
}
