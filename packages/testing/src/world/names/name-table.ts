/**
 * The names of a simulated world, as its name servers know them.
 *
 * A name that was given no addresses is that of a machine, which is made when it is first asked for.
 *
 * @module
 */
import { isIP } from 'node:net'
import type { Seconds } from '@sennit/interfaces'
import { InvalidAddressError } from '@sennit/protocol'
import { type Machine, isLocal } from '../network/machine.ts'

/** What is said of a name. */
export interface NameAnswer {
  /** IP literals, in the order in which they are to be tried. */
  readonly addresses: readonly string[]
  /** Node's code, when there are none. */
  readonly error: string | undefined
  /** How long the answer takes; `Infinity` when there is none. */
  readonly delay: Seconds
}

/** Names and what is said of them. */
export class NameTable {
  readonly #machine: (name: string) => Machine
  readonly #answers = new Map<string, NameAnswer>()

  /** @param machine - finds or makes the machine of a name or a literal */
  constructor(machine: (name: string) => Machine) {
    this.#machine = machine
  }

  /**
   * Says what a name stands for, from now on.
   *
   * @param addresses - IP literals, and names of machines for all of their addresses
   * @throws InvalidAddressError (`ERR_SENNIT_INVALID_ADDRESS`) when the name is an address, or means the machine that asks
   */
  set(name: string, { addresses, error, delay }: NameAnswer): void {
    const key = name.toLowerCase()
    if (isIP(key) !== 0 || isLocal(key))
      throw new InvalidAddressError(name, 'it must be a name, of no machine in particular')
    const literals = addresses.flatMap((each) =>
      isIP(each) === 0 ? this.#machine(each.toLowerCase()).addresses : [each],
    )
    // A literal that nobody has is a machine, too.
    for (const literal of literals) this.#machine(literal)
    this.#answers.set(key, { addresses: literals, error, delay })
  }

  forget(name: string): void {
    this.#answers.delete(name.toLowerCase())
  }

  /**
   * What is said of a name.
   *
   * @param family - only addresses of this family; both when `undefined`, but for a machine that was given no addresses of its own
   */
  ask(name: string, family: 4 | 6 | undefined): NameAnswer {
    const key = name.toLowerCase()
    const { addresses, error, delay } = this.#answers.get(key) ?? this.#automatic(key, family)
    const wanted = addresses.filter((each) => family === undefined || isIP(each) === family)
    return { addresses: wanted, error: error ?? (wanted.length === 0 ? 'ENOTFOUND' : undefined), delay }
  }

  #automatic(name: string, family: 4 | 6 | undefined): NameAnswer {
    if (name === 'localhost') return said(['127.0.0.1', '::1'])
    const machine = this.#machine(name)
    if (machine.hasOwnAddresses || family !== undefined) return said(machine.addresses)
    return said([machine.ipv4 ?? machine.addresses[0]!])
  }
}

function said(addresses: readonly string[]): NameAnswer {
  return { addresses, error: undefined, delay: 0 }
}
