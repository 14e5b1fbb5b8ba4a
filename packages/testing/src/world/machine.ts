/**
 * A machine of the simulated network: its addresses and what is bound to its ports.
 *
 * @module
 */
import { isIP } from 'node:net'
import { systemError } from './system-error.ts'

/** The first port that a machine picks for itself. */
const FIRST_EPHEMERAL = 49152

const ANY = '0.0.0.0'
const ANY_6 = '::'

/** What is bound to the ports of one kind (TCP or UDP). */
export class PortTable<T> {
  readonly #machine: Machine
  readonly #bound = new Map<number, { address: string; owner: T }[]>()

  constructor(machine: Machine) {
    this.#machine = machine
  }

  /**
   * Binds.
   *
   * @param address - an address of the machine, or one of those that mean all of a family
   * @param port - 0 picks a free one
   * @returns the port
   * @throws Error with Node's fields when the address is not the machine's, or the port is in use
   */
  bind(address: string, port: number, owner: T): number {
    if (!this.#machine.hasAddress(address)) throw systemError('EADDRNOTAVAIL', 'bind', address, port)
    const real = port === 0 ? this.#free(address) : port
    if (real === undefined || this.#inUse(address, real))
      throw systemError('EADDRINUSE', 'bind', address, port)
    const bound = this.#bound.get(real)
    if (bound === undefined) this.#bound.set(real, [{ address, owner }])
    else bound.push({ address, owner })
    return real
  }

  /** Frees what an owner has bound. */
  release(port: number, owner: T): void {
    const left = this.#bound.get(port)?.filter((each) => each.owner !== owner) ?? []
    if (left.length > 0) this.#bound.set(port, left)
    else this.#bound.delete(port)
  }

  /** Who has bound the port for traffic to an address. */
  find(address: string, port: number): T | undefined {
    const bound = this.#bound.get(port)
    if (bound === undefined) return undefined
    const all = anyOf(address)
    return (bound.find((each) => each.address === address) ?? bound.find((each) => each.address === all))
      ?.owner
  }

  #inUse(address: string, port: number): boolean {
    const all = anyOf(address)
    return (this.#bound.get(port) ?? []).some(
      (each) =>
        each.address === address || each.address === all || (address === all && anyOf(each.address) === all),
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
  readonly ipv4: string
  readonly ipv6: string
  #nextPort = FIRST_EPHEMERAL

  constructor(name: string, ipv4: string, ipv6: string) {
    this.name = name
    this.ipv4 = ipv4
    this.ipv6 = ipv6
  }

  /** Whether an address literal is the machine's own, or means all of its addresses of a family. */
  hasAddress(address: string): boolean {
    return isLocal(address) || address === this.ipv4 || address === this.ipv6
  }

  /** The address from which the machine talks to another address. */
  addressTowards(address: string): string {
    if (isLocal(address)) return address
    return isIP(address) === 6 ? this.ipv6 : this.ipv4
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
