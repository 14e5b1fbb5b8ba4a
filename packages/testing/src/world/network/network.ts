/**
 * The simulated network: machines by name and address, how long things travel between them, and what is cut.
 *
 * @module
 */
import { isIP } from 'node:net'
import type { ILog, Random, Seconds } from '@sennit/interfaces'
import { InvalidAddressError } from '@sennit/protocol'
import { seededRandom } from '../../seeded-random.ts'
import { MulticastGroups } from '../datagrams/multicast-groups.ts'
import { NameTable } from '../names/name-table.ts'
import type { MemoryTransport } from '../streams/memory-transport.ts'
import type { NetworkTime } from '../time/network-time.ts'
import { Machine, PortTable, isLocal } from './machine.ts'
import { Wire, type WireNetwork } from './wire.ts'

/** The number of the process on the first machine. */
const FIRST_PID = 1000

/** Something of the program that is open. */
export interface Open {
  /** As an error shall list it. */
  toString(): string
}

/** What a listener is to the network. */
export interface Acceptor {
  /** Whether it belongs to the program, not to the test. */
  readonly isOurs: boolean
  /** A connection has been made to it. */
  accept(connection: MemoryTransport): void
}

/** What a port of UDP is to the network. */
export interface DatagramReceiver {
  receive(datagram: Buffer, host: string, port: number): void
}

/** What a UNIX socket for datagrams is to the network. */
export interface PathReceiver {
  receiveFrom(datagram: Buffer, path: string): void
}

/** What a network is made of. */
export interface NetworkOptions {
  readonly time: NetworkTime
  readonly log: ILog
  readonly seed: number
  /** The shortest and the longest time that something travels. */
  readonly latency: readonly [shortest: Seconds, longest: Seconds]
  /** The time of day when it begins. @defaultValue 0 */
  readonly epoch?: Seconds | undefined
}

/** Where something is on the network. */
export interface Place {
  readonly machine: Machine
  /** A literal. */
  readonly address: string
}

/** The network of one world. */
export class Network implements WireNetwork {
  readonly time: NetworkTime
  readonly log: ILog
  /** What the program has open. */
  readonly open: Set<Open> = new Set()
  readonly names: NameTable = new NameTable((name) => this.machine(name))
  readonly groups: MulticastGroups = new MulticastGroups()
  /** Listeners by a name that all machines share. */
  readonly named: Map<string, { readonly acceptor: Acceptor; readonly machine: Machine }> = new Map()
  readonly #seed: number
  readonly #epoch: Seconds
  readonly #latency: readonly [Seconds, Seconds]
  readonly #machines = new Map<string, Machine>()
  readonly #tcp = new Map<Machine, PortTable<Acceptor>>()
  readonly #udp = new Map<Machine, PortTable<DatagramReceiver>>()
  /** The names of machines that are cut off, and of pairs that are cut from one another. */
  readonly #cuts = new Set<string>()
  readonly #held = new Set<{ release(): void }>()
  #lastNumber = 0
  #wires = 0

  constructor({ time, log, seed, latency, epoch = 0 }: NetworkOptions) {
    this.time = time
    this.log = log
    this.#seed = seed
    this.#latency = latency
    this.#epoch = epoch
  }

  /** The time of day, in seconds since 1970. */
  now(): Seconds {
    return this.#epoch + this.time.seconds()
  }

  /**
   * Finds a machine by a name or an address literal, and makes it when there is none.
   *
   * @param family - which address of a name is wanted
   * @throws InvalidAddressError (`ERR_SENNIT_INVALID_ADDRESS`) when a name has no address of the family
   */
  find(host: string, from: Machine, family: 4 | 6 = 4): Place {
    const name = host.toLowerCase()
    if (isLocal(name)) return { machine: from, address: loopback(name, family) }
    if (isIP(name) !== 0) return { machine: this.machine(name), address: name }
    const [address] = this.names.ask(name, family).addresses
    if (address === undefined) throw new InvalidAddressError(host, `it has no address of IPv${family}`)
    return { machine: this.machine(address), address }
  }

  /** The machine that has a name or an address literal. */
  machine(name: string): Machine {
    const known = this.#machines.get(name)
    if (known !== undefined) return known
    const [number, ipv4, ipv6] = this.#freeNumber()
    const family = isIP(name)
    const addresses = [family === 4 ? name : ipv4, family === 6 ? name : ipv6]
    const machine = new Machine(name, FIRST_PID + number, addresses)
    for (const key of [name, ...addresses]) this.#machines.set(key, machine)
    return machine
  }

  /**
   * Gives a machine addresses.
   *
   * @throws InvalidAddressError (`ERR_SENNIT_INVALID_ADDRESS`) when one is none, or another machine's
   */
  give(machine: Machine, addresses: readonly string[]): void {
    for (const address of addresses) {
      if (isIP(address) === 0 || isLocal(address))
        throw new InvalidAddressError(address, 'it must be an IP address')
      const owner = this.#machines.get(address)
      if (owner !== undefined && owner !== machine)
        throw new InvalidAddressError(address, `the machine ${owner.name} has it`)
    }
    machine.give(addresses)
    for (const address of addresses) this.#machines.set(address, machine)
  }

  /** A number of which nobody has the addresses. */
  #freeNumber(): readonly [number: number, ipv4: string, ipv6: string] {
    for (;;) {
      const number = ++this.#lastNumber
      const [ipv4, ipv6] = [`10.0.${number >> 8}.${number & 255}`, `fd00::${number.toString(16)}`]
      if (!this.#machines.has(ipv4) && !this.#machines.has(ipv6)) return [number, ipv4, ipv6]
    }
  }

  tcp(machine: Machine): PortTable<Acceptor> {
    return tableOf(this.#tcp, machine)
  }

  udp(machine: Machine): PortTable<DatagramReceiver> {
    return tableOf(this.#udp, machine)
  }

  /** One direction between two machines, with a stream of randomness of its own. */
  wire<T>(from: Machine, to: Machine, receive: (item: T) => void): Wire<T> {
    return new Wire(this, from, to, this.stream(), receive)
  }

  /** A new stream of randomness. */
  stream(): Random {
    return seededRandom(this.#seed, `wire ${this.#wires++}`)
  }

  delay(random: Random): Seconds {
    const [shortest, longest] = this.#latency
    return shortest + (longest - shortest) * random()
  }

  /** Cuts a machine off, or two from one another. */
  cut(one: Machine, other?: Machine): void {
    this.#cuts.add(cutName(one, other))
  }

  /** Undoes a cut. What TCP has sent meanwhile goes on. */
  heal(one: Machine, other?: Machine): void {
    this.#cuts.delete(cutName(one, other))
    const held = Array.from(this.#held)
    this.#held.clear()
    for (const wire of held) wire.release()
  }

  isCut(one: Machine, other: Machine): boolean {
    if (this.#cuts.size === 0 || one === other) return false
    return this.#cuts.has(one.name) || this.#cuts.has(other.name) || this.#cuts.has(cutName(one, other))
  }

  hold(wire: { release(): void }): void {
    this.#held.add(wire)
  }
}

function cutName(one: Machine, other: Machine | undefined): string {
  return other === undefined ? one.name : [one.name, other.name].sort().join(' ')
}

function tableOf<T>(tables: Map<Machine, PortTable<T>>, machine: Machine): PortTable<T> {
  let table = tables.get(machine)
  if (table === undefined) {
    table = new PortTable<T>(machine)
    tables.set(machine, table)
  }
  return table
}

/** The literal that a host of one's own means. */
function loopback(host: string, family: 4 | 6): string {
  if (isIP(host) === 6) return '::1'
  if (isIP(host) === 4) return host === '0.0.0.0' ? '127.0.0.1' : host
  return family === 6 ? '::1' : '127.0.0.1'
}
