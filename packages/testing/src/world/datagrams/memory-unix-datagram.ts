/**
 * Simulated UNIX sockets for datagrams: ports at a path, and sockets with a fixed peer.
 *
 * | state      | socket made | cannot be made | disconnect()   | peer refuses      |
 * |------------|-------------|----------------|----------------|-------------------|
 * | connecting | serving     | stopped, told  | stopped        | -                 |
 * | serving    | -           | -              | stopping       | told, each time   |
 * | stopping   | -           | -              | joins          | -                 |
 * | stopped    | -           | -              | -              | -                 |
 *
 * @module
 */
import type {
  Description,
  IConnectedDatagramProtocol,
  IDatagramConnector,
  IDatagramProtocol,
  IPathAddress,
  IUNIXDatagramConnectedTransport,
  IUNIXDatagramTransport,
} from '@sennit/interfaces'
import { ConnectingCancelledError, connectErrorFrom, MessageLengthError, UNIXAddress } from '@sennit/protocol'
import { assertBytes } from '@sennit/protocol/internal'
import { asError } from '@sennit/runtime/internal'
import type { PathReceiver } from '../network/network.ts'
import { checkPath } from '../option-checks.ts'
import type { PortSurroundings } from '../streams/memory-stream-port.ts'
import { DatagramSender } from './datagram-sender.ts'
import { type DatagramPortOptions, MemoryDatagramPort } from './memory-datagram-port.ts'

/** The longest datagram, in bytes. */
const LONGEST = 65_535

/** What a port and a socket with a fixed peer share. */
abstract class PathDatagrams<T> extends MemoryDatagramPort<T, IPathAddress> implements PathReceiver {
  readonly #sender: DatagramSender
  #host = new UNIXAddress('')
  #unbind: (() => void) | undefined

  constructor(options: DatagramPortOptions<T, IPathAddress>) {
    super(options)
    this.#sender = new DatagramSender(options.surroundings.network)
  }

  override getHost(): UNIXAddress {
    return this.#host
  }

  receiveFrom(datagram: Buffer, path: string): void {
    this.take(datagram, () => new UNIXAddress(path))
  }

  /** @throws Error with Node's fields when the path is taken, or has no folder */
  protected bind(path: string, mode: number): void {
    this.#unbind = this.surroundings.machine.sockets.bind(path, mode, { datagram: this })
    this.#host = new UNIXAddress(path)
  }

  protected override release(): void {
    this.#unbind?.()
    this.#unbind = undefined
  }

  protected send(datagram: Uint8Array, path: string): void {
    assertBytes(datagram)
    const { byteLength } = datagram
    if (byteLength > LONGEST) throw new MessageLengthError(byteLength)
    checkPath('send a datagram', path)
    if (!this.isServing) return
    this.sent++
    const bytes = Buffer.from(datagram)
    const from = this.#host.path
    this.#sender.post(path, () => {
      try {
        this.surroundings.machine.sockets.receiver(path).receiveFrom(bytes, from)
        this.arrived()
      } catch (error) {
        this.fail(asError(error))
      }
    })
  }
}

/** A port for datagrams at a path, and the transport of its protocol. */
export class MemoryUNIXDatagramPort
  extends PathDatagrams<IUNIXDatagramTransport>
  implements IUNIXDatagramTransport
{
  /** @throws Error with Node's fields when it cannot be bound */
  constructor(
    path: string,
    mode: number,
    protocol: IDatagramProtocol<IUNIXDatagramTransport, IPathAddress>,
    maxPacketSize: number | undefined,
    surroundings: PortSurroundings,
  ) {
    super({ kind: 'UNIXDatagramPort', protocol, maxPacketSize, surroundings })
    try {
      this.bind(path, mode)
    } catch (error) {
      surroundings.network.open.delete(this)
      throw error
    }
  }

  write(datagram: Uint8Array, path: string): void {
    this.send(datagram, path)
  }

  protected override transport(): this {
    return this
  }
}

/** What a socket with a fixed peer is made of. */
export interface UNIXDatagramClientOptions {
  readonly path: string
  readonly bindAddress: string | undefined
  readonly mode: number
  readonly maxPacketSize: number | undefined
  readonly signal: AbortSignal | undefined
}

/** A socket with a fixed peer, the transport of its protocol, and what its owner disconnects. */
export class MemoryUNIXDatagramClient
  extends PathDatagrams<IUNIXDatagramConnectedTransport>
  implements IUNIXDatagramConnectedTransport, IDatagramConnector
{
  readonly #protocol: IConnectedDatagramProtocol
  readonly #options: UNIXDatagramClientOptions

  constructor(
    protocol: IConnectedDatagramProtocol,
    options: UNIXDatagramClientOptions,
    surroundings: PortSurroundings,
  ) {
    super({ kind: 'UNIXDatagramClient', protocol, maxPacketSize: options.maxPacketSize, surroundings })
    this.#protocol = protocol
    this.#options = options
    // What goes wrong is never told inside the call that begins it.
    surroundings.network.time.soon(() => this.#open())
  }

  getPeer(): UNIXAddress {
    return new UNIXAddress(this.#options.path)
  }

  getDestination(): UNIXAddress {
    return this.getPeer()
  }

  write(datagram: Uint8Array): void {
    this.send(datagram, this.#options.path)
  }

  disconnect(): Promise<void> | undefined {
    return this.stopListening()
  }

  override receiveFrom(datagram: Buffer, path: string): void {
    if (path === this.#options.path) super.receiveFrom(datagram, path)
    else this.drop()
  }

  override describe(): Description {
    const description = super.describe()
    const state = description.state === 'held' ? 'connecting' : description.state
    return { ...description, state, facts: { ...description.facts, peer: this.getPeer().toString() } }
  }

  override toString(): string {
    return `socket to ${this.getPeer().toString()}`
  }

  protected override transport(): this {
    return this
  }

  protected override fail(error: Error): void {
    if (!this.isServing) return
    this.count(error)
    this.#tellFailed(connectErrorFrom(error))
  }

  #open(): void {
    // Who has disconnected wants to know nothing more.
    if (!this.isHeld) return
    const { path, bindAddress, mode, signal } = this.#options
    try {
      signal?.throwIfAborted()
      this.surroundings.machine.sockets.receiver(path)
      if (bindAddress !== undefined) this.bind(bindAddress, mode)
    } catch (thrown) {
      this.#giveUp(
        signal?.aborted
          ? new ConnectingCancelledError(this.getPeer(), { cause: signal.reason })
          : connectErrorFrom(asError(thrown)),
      )
      return
    }
    this.tell('makeConnection', () => this.serve())
  }

  #giveUp(reason: Error): void {
    this.count(reason)
    void this.stopListening()?.then(() => this.#tellFailed(reason))
  }

  #tellFailed(error: Error): void {
    this.tell('connectionFailed', () => this.#protocol.connectionFailed(error))
  }
}
