/**
 * A UDP port in the hands of a test.
 *
 * @module
 */
import type { IHostPort } from '@sennit/interfaces'
import { CannotListenError, internetAddress } from '@sennit/protocol'
import { DatagramSender } from '../datagrams/datagram-sender.ts'
import { isGroup } from '../datagrams/multicast-groups.ts'
import type { DatagramReceiver, Network, Place } from '../network/network.ts'

/** One datagram that came. */
export interface ReceivedDatagram {
  readonly data: Buffer
  readonly from: IHostPort
}

/**
 * Collects the datagrams that come to a port.
 *
 * @example
 * ```ts
 * const statsd = world.bind('udp:127.0.0.1:8125')
 * await world.advance('10s')
 * assert.deepEqual(statsd.texts(), ['a:1|c'])
 * ```
 */
export class DatagramSink implements DatagramReceiver {
  /** What has come, oldest first. */
  readonly datagrams: ReceivedDatagram[] = []
  /** How many datagrams that it had sent reached no port. */
  unreached = 0
  readonly #network: Network
  readonly #place: Place
  readonly #host: IHostPort
  readonly #sender: DatagramSender
  /** Leaves the group. */
  readonly #leave: (() => void) | undefined

  /** @internal */
  constructor(network: Network, place: Place, port: number) {
    this.#network = network
    this.#place = place
    this.#sender = new DatagramSender(network)
    const { machine, address } = place
    if (isGroup(address)) {
      this.#host = internetAddress('UDP', address, port)
      this.#leave = network.groups.join(address, { machine, on: address, port, receiver: this })
      return
    }
    try {
      const real = network.udp(machine).bind(address, port, this)
      this.#host = internetAddress('UDP', address, real)
    } catch (error) {
      throw new CannotListenError(place.address, port, error)
    }
  }

  /** Where it is bound. */
  getHost(): IHostPort {
    return this.#host
  }

  /** Each datagram as text. */
  texts(): string[] {
    return this.datagrams.map(({ data }) => data.toString())
  }

  /** Sends a datagram from here. */
  send(data: string | Uint8Array, to: { readonly host: string; readonly port: number }): void {
    const from = { ...this.#place, port: this.#host.port }
    const bytes = typeof data === 'string' ? Buffer.from(data) : data
    this.#sender.send(bytes, from, to, () => {
      this.unreached++
    })
  }

  /** Frees the port: what is sent to it reaches nobody. */
  close(): void {
    if (this.#leave !== undefined) this.#leave()
    else this.#network.udp(this.#place.machine).release(this.#host.port, this)
  }

  /** @internal */
  receive(data: Buffer, host: string, port: number): void {
    this.datagrams.push({ data, from: internetAddress('UDP', host, port) })
  }
}
