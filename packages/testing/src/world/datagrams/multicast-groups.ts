/**
 * Who has joined which group of a simulated network. All machines are in one local network; a machine's loopback interface reaches itself.
 *
 * @module
 */
import { isIP } from 'node:net'
import type { Machine } from '../network/machine.ts'
import type { DatagramReceiver } from '../network/network.ts'

/** What the addresses of groups look like, for each family. */
export const GROUPS: Readonly<Record<4 | 6, { readonly form: RegExp; readonly text: string }>> = {
  4: { form: /^2(?:2[4-9]|3\d)\./, text: 'an IPv4 literal from 224.0.0.0 to 239.255.255.255' },
  6: { form: /^ff[\da-f]{2}:/i, text: 'an IPv6 literal in ff00::/8' },
}

/** Whether an address is that of a group. */
export function isGroup(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && GROUPS[family as 4 | 6].form.test(address)
}

/** One port's membership. */
export interface Membership {
  readonly machine: Machine
  /** The address of the interface that it joined on. */
  readonly on: string
  readonly port: number
  readonly receiver: DatagramReceiver
}

/** A datagram to a group. */
export interface GroupDatagram {
  readonly group: string
  readonly port: number
  readonly from: Machine
  /** The address of the interface that it left by. */
  readonly by: string
  readonly ttl: number
  /** Whether ports of the machine that it comes from get it, too. */
  readonly loopback: boolean
}

/** The groups of one network. */
export class MulticastGroups {
  readonly #members = new Map<string, Membership[]>()

  /** @returns leaves it again; nothing when it is a member already */
  join(group: string, member: Membership): (() => void) | undefined {
    const members = this.#members.get(group) ?? []
    if (members.some(({ receiver, on }) => receiver === member.receiver && on === member.on)) return undefined
    this.#members.set(group, [...members, member])
    return () => {
      this.#members.set(
        group,
        this.#members.get(group)!.filter((each) => each !== member),
      )
    }
  }

  /** Who gets a datagram. */
  reached({ group, port, from, by, ttl, loopback }: GroupDatagram): readonly Membership[] {
    const members = this.#members.get(group) ?? []
    const stays = ttl === 0 || isLoopback(by)
    return members.filter(
      ({ machine, on, port: at }) =>
        at === port && (machine === from ? loopback && on === by : !stays && !isLoopback(on)),
    )
  }
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}
