/**
 * How datagrams travel: in order between two ports; what nobody takes, or meets a cut, is lost.
 *
 * @module
 */
import type { Random, Seconds } from '@sennit/interfaces'
import type { Network, Place } from './network.ts'

/** A place and a port. */
export type PortPlace = Place & { readonly port: number }

/** Sends the datagrams of one port. */
export class DatagramSender {
  readonly #network: Network
  readonly #random: Random
  /** When the last datagram to a port arrives. */
  readonly #arrivals = new Map<string, Seconds>()

  constructor(network: Network) {
    this.#network = network
    this.#random = network.stream()
  }

  /**
   * Sends; the bytes are copied.
   *
   * @param from - its address may be one that means all of a family
   * @param unreachable - told when no port is there, as by an ICMP message
   */
  send(datagram: Uint8Array, from: PortPlace, to: PortPlace, unreachable: () => void): void {
    const network = this.#network
    const { time } = network
    const bytes = Buffer.from(datagram)
    const isAny = from.address === '0.0.0.0' || from.address === '::'
    const address = isAny ? from.machine.addressTowards(to.address) : from.address
    const key = `${to.address} ${to.port}`
    const arrival = Math.max(time.seconds() + network.delay(this.#random), this.#arrivals.get(key) ?? 0)
    this.#arrivals.set(key, arrival)
    time.at(arrival, () => {
      if (network.isCut(from.machine, to.machine)) return
      const receiver = network.udp(to.machine).find(to.address, to.port)
      if (receiver !== undefined) receiver.receive(bytes, address, from.port)
      else time.after(network.delay(this.#random), unreachable)
    })
  }
}
