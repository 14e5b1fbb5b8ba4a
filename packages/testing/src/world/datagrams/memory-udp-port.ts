/**
 * A simulated UDP port.
 *
 * @module
 */
import { isIP } from 'node:net'
import type { IDatagramProtocol, IHostPort, IUDPTransport, UDPListenOptions } from '@sennit/interfaces'
import {
  AlreadyConnectedError,
  type InternetAddress,
  InvalidAddressError,
  internetAddress,
  MessageLengthError,
} from '@sennit/protocol'
import { assertBytes } from '@sennit/protocol/internal'
import type { DatagramReceiver } from '../network/network.ts'
import type { PortSurroundings } from '../streams/memory-stream-port.ts'
import { systemError } from '../system-error.ts'
import { DatagramSender, type PortPlace } from './datagram-sender.ts'
import { MemoryDatagramPort } from './memory-datagram-port.ts'

/** The most bytes that UDP can carry: 65,535 less the headers. */
const LONGEST = { 4: 65_507, 6: 65_527 }

/** An address with a host and a port. */
interface Target {
  readonly host: string
  readonly port: number
}

/** Where a UDP port is bound, and how it is. */
export interface UDPBinding {
  readonly address: string
  readonly port: number
  /** Whether others may have the same. */
  readonly isShared?: boolean
  /** Who has it already, and gives it away. */
  readonly from?: DatagramReceiver | undefined
}

/** A UDP port, as its protocol and its owner see it. */
export class MemoryUDPPort
  extends MemoryDatagramPort<IUDPTransport, IHostPort>
  implements IUDPTransport, DatagramReceiver
{
  protected readonly family: 4 | 6
  protected readonly sender: DatagramSender
  readonly #host: InternetAddress
  readonly #protocol: IDatagramProtocol
  #peer: Target | undefined

  /** @throws Error with Node's fields when it cannot be bound */
  constructor(
    { address, port, isShared, from }: UDPBinding,
    protocol: IDatagramProtocol,
    { maxPacketSize }: UDPListenOptions,
    surroundings: PortSurroundings,
    kind = 'UDPPort',
  ) {
    super({ kind, protocol, maxPacketSize, surroundings })
    const { network, machine } = surroundings
    this.#protocol = protocol
    this.family = isIP(address) as 4 | 6
    this.sender = new DatagramSender(network)
    try {
      const ports = network.udp(machine)
      if (from !== undefined) ports.handOver(port, from, this)
      const real = from === undefined ? ports.bind(address, port, this, isShared) : port
      this.#host = internetAddress('UDP', address, real)
    } catch (error) {
      network.open.delete(this)
      throw error
    }
  }

  getHost(): InternetAddress {
    return this.#host
  }

  write(datagram: Uint8Array, address?: Target): void {
    assertBytes(datagram)
    const { byteLength } = datagram
    if (byteLength > LONGEST[this.family]) throw new MessageLengthError(byteLength)
    const target = this.#target(address)
    if (!this.isServing) return
    this.sent++
    this.send(datagram, target)
  }

  connect(host: string, port: number): void {
    if (this.#peer !== undefined) throw new AlreadyConnectedError()
    const target = { host, port }
    this.#check(target)
    if (this.isServing) this.#peer = target
  }

  /** A datagram has come to the port. */
  receive(datagram: Buffer, host: string, port: number): void {
    const peer = this.#peer
    if (peer !== undefined && (peer.host !== host || peer.port !== port)) return
    this.take(datagram, () => internetAddress('UDP', host, port))
  }

  protected override transport(): this {
    return this
  }

  protected override release(): void {
    const { network, machine } = this.surroundings
    network.udp(machine).release(this.#host.port, this)
  }

  /** Where it sends from. */
  protected get place(): PortPlace {
    return { machine: this.surroundings.machine, address: this.#host.host, port: this.#host.port }
  }

  protected send(datagram: Uint8Array, target: Target): void {
    this.sender.send(datagram, this.place, target, () => this.#unreachable(target))
  }

  #target(address: Target | undefined): Target {
    const peer = this.#peer
    if (peer === undefined) {
      if (address === undefined)
        throw new InvalidAddressError('', 'there must be one, as the port has no fixed peer')
      this.#check(address)
      return address
    }
    if (address !== undefined && (address.host !== peer.host || address.port !== peer.port))
      throw new InvalidAddressError(shown(address), 'the port has another fixed peer')
    return peer
  }

  #check(address: Target): void {
    const { host, port } = address
    if (isIP(host) !== this.family)
      throw new InvalidAddressError(shown(address), `it must have an IPv${this.family} literal`)
    if (!(port > 0 && port <= 65_535 && Number.isInteger(port)))
      throw new InvalidAddressError(shown(address), `'port' must be an integer from 1 to 65535, got ${port}`)
  }

  /** Only a port with a fixed peer is told. */
  #unreachable({ host, port }: Target): void {
    const peer = this.#peer
    if (!this.isServing || peer === undefined || peer.host !== host || peer.port !== port) return
    this.count(systemError('ECONNREFUSED', 'send', host, port))
    this.tell('connectionRefused', () => this.#protocol.connectionRefused())
  }
}

function shown({ host, port }: Target): string {
  return `${host}:${port}`
}
