/**
 * How datagrams travel: in order between two ports; what nobody takes, or meets a cut, is lost.
 *
 * @module
 */
import type { Random, Seconds } from '@sennit/interfaces'
import { isLocal } from '../network/machine.ts'
import type { Network, Place } from '../network/network.ts'
import { type GroupDatagram, isGroup } from './multicast-groups.ts'

/** A place and a port. */
export type PortPlace = Place & { readonly port: number }

/** Sends the datagrams of one port. */
export class DatagramSender {
  readonly #network: Network
  readonly #random: Random
  /** When the last datagram to a machine, or a group, arrives. */
  readonly #arrivals = new Map<string, Seconds>()

  constructor(network: Network) {
    this.#network = network
    this.#random = network.stream()
  }

  /**
   * Sends, to a machine or, as far as datagrams go that nobody has said more about, to a group; the bytes are copied.
   *
   * @param from - its address may be one that means all of a family
   * @param unreachable - told when no port is there, as by an ICMP message
   */
  send(
    datagram: Uint8Array,
    from: PortPlace,
    { host, port }: { readonly host: string; readonly port: number },
    unreachable: () => void,
  ): void {
    const network = this.#network
    const { machine } = from
    const isAny = from.address === '0.0.0.0' || from.address === '::'
    if (isGroup(host)) {
      const by = isAny ? machine.addressTowards(host) : from.address
      const scope = { group: host, port, from: machine, by, ttl: 1, loopback: true }
      this.sendToGroup(datagram, { ...from, address: by }, scope)
      return
    }
    const to = { ...network.find(host, machine), port }
    const bytes = Buffer.from(datagram)
    const address = isAny ? machine.addressTowards(to.address) : from.address
    this.post(to.machine.name, () => {
      if (network.isCut(from.machine, to.machine)) return
      const receiver = network.udp(to.machine).find(to.address, to.port)
      if (receiver !== undefined) receiver.receive(bytes, address, from.port)
      else network.time.after(network.delay(this.#random), unreachable)
    })
  }

  /** Sends to all who are in a group when it arrives. */
  sendToGroup(datagram: Uint8Array, from: PortPlace, scope: GroupDatagram): void {
    const network = this.#network
    const bytes = Buffer.from(datagram)
    this.post(isLocal(from.address) ? from.machine.name : scope.group, () => {
      for (const { machine, receiver } of network.groups.reached(scope)) {
        if (!network.isCut(from.machine, machine)) receiver.receive(bytes, from.address, from.port)
      }
    })
  }

  /** Lets something arrive after what was sent to the same place before. */
  post(place: string, arrive: () => void): void {
    const { time } = this.#network
    const soonest = time.seconds() + this.#network.delay(this.#random)
    const arrival = Math.max(soonest, this.#arrivals.get(place) ?? 0)
    this.#arrivals.set(place, arrival)
    time.at(arrival, arrive)
  }
}
