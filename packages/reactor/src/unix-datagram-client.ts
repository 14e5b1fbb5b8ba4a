/**
 * A socket for datagrams with a fixed peer at a path.
 *
 * | state      | socket made | cannot be made | disconnect()   | peer refuses      |
 * |------------|-------------|----------------|----------------|-------------------|
 * | connecting | serving     | stopped, told  | stopped        | -                 |
 * | serving    | -           | -              | stopping       | told, each time   |
 * | stopping   | -           | -              | joins          | -                 |
 * | stopped    | -           | -              | -              | -                 |
 *
 * The system is not told who the peer is: so a peer that was gone and has come back at its path is reached again. What others send
 * is dropped, and counted.
 *
 * Source: Twisted, `twisted/internet/unix.py`, `ConnectedDatagramPort`.
 * Differs: whether the peer is there is found out before the protocol is started; it may go and come back.
 *
 * @module
 */
import type {
  Description,
  IConnectedDatagramProtocol,
  IDatagramConnector,
  IUNIXDatagramConnectedTransport,
  UNIXDatagramConnectOptions,
} from '@sennit/interfaces'
import { ConnectingCancelledError, connectErrorFrom, ReactorOptionError, UNIXAddress } from '@sennit/protocol'
import { hasRole, realTurn } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import { MAX_PACKET_SIZE } from './datagram-port.ts'
import { guarded } from './guarded.ts'
import { checkedCount } from './option-checks.ts'
import type { PortSurroundings } from './port-surroundings.ts'
import { loadDatagramAddon, systemError } from './unix-datagram-addon.ts'
import { UNIXDatagramTransport } from './unix-datagram-transport.ts'
import { checkedMode, checkedPath, probe } from './unix-path.ts'

/** What `connectUNIXDatagram` is given, checked. */
export interface UNIXDatagramClientOptions {
  readonly path: string
  readonly bindAddress: string | undefined
  readonly mode: number
  readonly maxPacketSize: number
  readonly signal: AbortSignal | undefined
}

/** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) */
export function unixDatagramClient(
  path: string,
  protocol: IConnectedDatagramProtocol,
  options: UNIXDatagramConnectOptions,
  surroundings: PortSurroundings,
): UNIXDatagramClient {
  const { bindAddress, mode = 0o660, maxPacketSize = MAX_PACKET_SIZE, signal } = options
  checkedPath('connect', path)
  if (bindAddress !== undefined) checkedPath('connect', bindAddress, 'bindAddress')
  checkedMode('connect', mode)
  checkedCount('connect', maxPacketSize, 'maxPacketSize', 1)
  const hooks = ['makeConnection', 'datagramReceived', 'connectionFailed', 'doStop'] as const
  if (!hasRole<IConnectedDatagramProtocol>(protocol, hooks)) {
    throw new ReactorOptionError('connect', 'protocol', 'a protocol for a fixed peer', protocol)
  }
  return new UNIXDatagramClient(protocol, { path, bindAddress, mode, maxPacketSize, signal }, surroundings)
}

/** A socket with a fixed peer, the transport of its protocol, and what its owner disconnects. */
export class UNIXDatagramClient
  extends UNIXDatagramTransport<IUNIXDatagramConnectedTransport>
  implements IUNIXDatagramConnectedTransport, IDatagramConnector
{
  readonly #protocol: IConnectedDatagramProtocol
  readonly #options: UNIXDatagramClientOptions
  readonly #peer: UNIXAddress
  #opening: Promise<void> | undefined

  constructor(
    protocol: IConnectedDatagramProtocol,
    options: UNIXDatagramClientOptions,
    surroundings: PortSurroundings,
  ) {
    const { maxPacketSize } = options
    super({ kind: 'UNIXDatagramClient', protocol, maxPacketSize, surroundings })
    this.#protocol = protocol
    this.#options = options
    this.#peer = new UNIXAddress(options.path)
  }

  /** Makes the socket, and tells the protocol. */
  connect(load: typeof loadDatagramAddon = loadDatagramAddon): void {
    this.#opening = this.#open(load)
  }

  getPeer(): UNIXAddress {
    return this.#peer
  }

  getDestination(): UNIXAddress {
    return this.#peer
  }

  write(datagram: Uint8Array): void {
    this.send(datagram, this.#peer.path)
  }

  disconnect(): void | Promise<void> {
    return this.stopListening()
  }

  override describe(): Description {
    const description = super.describe()
    const state = description.state === 'held' ? 'connecting' : description.state
    return { ...description, state, facts: { ...description.facts, peer: this.#peer.toString() } }
  }

  override async close(): Promise<void> {
    await this.#opening
    await super.close()
  }

  protected makeConnection(): void {
    this.#protocol.makeConnection(this)
  }

  protected override arrive(datagram: Uint8Array, path: string): void {
    if (path === this.#peer.path || this.#peer.equals(new UNIXAddress(path))) super.arrive(datagram, path)
    else this.drop()
  }

  protected override fail(error: Error & { code?: string | undefined }): void {
    // That the peer does not read does not mean that it is gone.
    if (error.code === 'ENOBUFS') return super.fail(error)
    if (!this.isServing) return
    this.count(error)
    this.#tellFailed(connectErrorFrom(error))
  }

  async #open(load: typeof loadDatagramAddon): Promise<void> {
    try {
      await this.#prepare(load)
    } catch (thrown) {
      this.#giveUp(asError(thrown))
      return
    }
    if (!this.isHeld) return
    const error = guarded(this.surroundings.log, 'makeConnection threw', () => this.serve())
    if (error !== undefined) void this.stopListening()
  }

  async #prepare(load: typeof loadDatagramAddon): Promise<void> {
    const { path, bindAddress, mode, signal } = this.#options
    // What goes wrong is never told inside the call that begins it.
    await realTurn()
    signal?.throwIfAborted()
    this.make(load())
    const code = await probe(path)
    if (code !== 'EPROTOTYPE') throw systemError({ code: code ?? 'EPROTOTYPE', syscall: 'connect', path })
    if (this.isHeld && bindAddress !== undefined) await this.bind(bindAddress, mode)
    signal?.throwIfAborted()
  }

  #giveUp(error: Error): void {
    // Who has disconnected wants to know nothing more.
    if (!this.isHeld) return
    const { signal } = this.#options
    const reason = signal?.aborted
      ? new ConnectingCancelledError(this.#peer, { cause: signal.reason })
      : connectErrorFrom(error)
    this.count(reason)
    void this.stopListening()?.then(() => this.#tellFailed(reason))
  }

  #tellFailed(error: Error): void {
    this.tell('connectionFailed', () => this.#protocol.connectionFailed(error))
  }
}
