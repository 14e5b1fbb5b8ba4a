/**
 * A simulated UDP port.
 *
 * | state    | datagram comes      | serve()       | stopListening() |
 * |----------|---------------------|---------------|-----------------|
 * | held     | dropped, counted    | serving, told | stopping        |
 * | serving  | told, or dropped    | -             | stopping        |
 * | stopping | -                   | -             | joins           |
 * | stopped  | -                   | -             | -               |
 *
 * @module
 */
import { isIP } from 'node:net'
import type {
  Description,
  IDatagramProtocol,
  IInspectable,
  IListeningPort,
  ILog,
  IUDPTransport,
  UDPListenOptions,
} from '@sennit/interfaces'
import {
  type InternetAddress,
  InvalidAddressError,
  MessageLengthError,
  internetAddress,
} from '@sennit/protocol'
import { assertBytes } from '@sennit/protocol/internal'
import { AlreadyConnectedError } from '../errors.ts'
import { DatagramSender } from './datagram-sender.ts'
import type { Machine } from './machine.ts'
import type { DatagramReceiver, Network } from './network.ts'
import { checkPort } from './option-checks.ts'

/** The most bytes that UDP can carry over IPv4. */
const LONGEST = 65507

/** A UDP port, as its protocol and its owner see it. */
export class MemoryUDPPort implements IUDPTransport, IListeningPort, IInspectable, DatagramReceiver {
  readonly #network: Network
  readonly #machine: Machine
  readonly #protocol: IDatagramProtocol
  readonly #log: ILog
  readonly #host: InternetAddress
  readonly #maxPacketSize: number
  readonly #sender: DatagramSender
  #peer: { readonly host: string; readonly port: number } | undefined
  #state: 'held' | 'serving' | 'stopping' | 'stopped' = 'held'
  #stopped: Promise<void> | undefined
  #sent = 0
  #received = 0
  #dropped = 0

  /**
   * Binds.
   *
   * @param address - a literal of the machine, or one that means all of a family
   * @throws Error with Node's fields when it cannot be bound
   */
  constructor(
    port: number,
    address: string,
    protocol: IDatagramProtocol,
    { maxPacketSize = 8192 }: UDPListenOptions,
    { network, machine, log }: { network: Network; machine: Machine; log: ILog },
  ) {
    this.#network = network
    this.#machine = machine
    this.#protocol = protocol
    this.#log = log
    this.#maxPacketSize = maxPacketSize
    this.#sender = new DatagramSender(network)
    this.#host = internetAddress('UDP', address, network.udp(machine).bind(address, port, this))
    network.open.add(this)
  }

  getHost(): InternetAddress {
    return this.#host
  }

  serve(): void {
    if (this.#state !== 'held') return
    this.#state = 'serving'
    this.#call('makeConnection', () => this.#protocol.makeConnection(this))
  }

  write(datagram: Uint8Array, address?: { readonly host: string; readonly port: number }): void {
    assertBytes(datagram)
    if (datagram.length > LONGEST) throw new MessageLengthError(datagram.length)
    const { host, port } = this.#target(address)
    if (this.#state !== 'serving') return
    const from = { machine: this.#machine, address: this.#host.host, port: this.#host.port }
    const to = { ...this.#network.find(host, this.#machine), port }
    this.#sent++
    this.#sender.send(datagram, from, to, () => this.#unreachable(host, port))
  }

  connect(host: string, port: number): void {
    if (this.#peer !== undefined) throw new AlreadyConnectedError()
    checkPort('connect', port)
    this.#checkFamily(host)
    this.#peer = { host, port }
  }

  stopListening(): Promise<void> | undefined {
    if (this.#state === 'stopped') return undefined
    if (this.#stopped !== undefined) return this.#stopped.then(() => {})
    const hadServed = this.#state === 'serving'
    this.#state = 'stopping'
    this.#network.udp(this.#machine).release(this.#host.port, this)
    this.#stopped = new Promise((resolve) => {
      this.#network.time.soon(() => {
        this.#state = 'stopped'
        this.#network.open.delete(this)
        if (hadServed) this.#call('doStop', () => this.#protocol.doStop())
        resolve()
      })
    })
    return this.#stopped
  }

  describe(): Description {
    return {
      kind: 'UDPPort',
      name: undefined,
      state: this.#state,
      since: undefined,
      error: undefined,
      facts: {
        address: this.#host.toString(),
        sent: this.#sent,
        received: this.#received,
        dropped: this.#dropped,
      },
      children: [],
    }
  }

  receive(datagram: Buffer, host: string, port: number): void {
    if (this.#state === 'held' || datagram.length > this.#maxPacketSize) {
      this.#dropped++
      return
    }
    if (this.#state !== 'serving' || !this.#isFromPeer(host, port)) return
    this.#received++
    this.#call('datagramReceived', () =>
      this.#protocol.datagramReceived(datagram, internetAddress('UDP', host, port)),
    )
  }

  toString(): string {
    return `port ${this.#host.toString()}`
  }

  #target(address: { readonly host: string; readonly port: number } | undefined): {
    host: string
    port: number
  } {
    const target = address ?? this.#peer
    if (target === undefined)
      throw new InvalidAddressError('', 'a port without a fixed peer needs an address for each datagram')
    if (address !== undefined) {
      checkPort('send a datagram', address.port)
      this.#checkFamily(address.host)
    }
    return target
  }

  #checkFamily(host: string): void {
    const family = isIP(host)
    if (family === 0) throw new InvalidAddressError(host, 'it must be an IP address, not a name')
    if (family !== isIP(this.#host.host))
      throw new InvalidAddressError(host, `it must be of the family of the port, ${this.#host.host}`)
  }

  #isFromPeer(host: string, port: number): boolean {
    const peer = this.#peer
    return peer === undefined || (peer.host === host && peer.port === port)
  }

  #unreachable(host: string, port: number): void {
    if (this.#state !== 'serving' || this.#peer === undefined || !this.#isFromPeer(host, port)) return
    this.#call('connectionRefused', () => this.#protocol.connectionRefused())
  }

  #call(hook: string, call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#log.error({ err: error }, `${hook} threw`)
    }
  }
}
