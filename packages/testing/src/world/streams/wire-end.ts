/**
 * What one end of a simulated connection does with its wire, whoever uses it: sending and receiving within the window, in the clear or
 * in private.
 *
 * @module
 */
import type {
  IAddress,
  ICountedTransport,
  ILog,
  IReactorTime,
  Seconds,
  StartTLSOptions,
  TLSInfo,
} from '@sennit/interfaces'
import { type ConnectionLost, connectionLostFrom, type SSLError, StartTLSError } from '@sennit/protocol'
import type { Ends } from '../network/ends.ts'
import type { Network } from '../network/network.ts'
import type { Data, Segment } from '../network/segment.ts'
import type { Wire } from '../network/wire.ts'
import { systemError } from '../system-error.ts'
import { lostFrom, TLSLayer, type TLSLayerOptions, type TLSLayerOwner } from '../tls/tls-layer.ts'
import { TLSClient, TLSServer, type TLSSide } from '../tls/tls-side.ts'
import { Inbox, type InboxOwner, type Item } from './inbox.ts'
import { Outbox, type OutboxOwner } from './outbox.ts'

const MAKING_PRIVATE = 'make the connection private'

/** What becomes of one end, and of what its protocol throws. */
export interface Attachment {
  /** Who has made it, when the diagnostics channels shall be told of it; not for the tests' own ends. */
  readonly side?: 'server' | 'client' | undefined
  /** What the handler has. @defaultValue the transport */
  readonly connection?: (object & ICountedTransport) | undefined
  /** Told of the loss, after the protocol. */
  readonly onLost: (reason: Error) => void
  readonly log: ILog
  /** @defaultValue the world's */
  readonly clock?: IReactorTime | undefined
  /** The host that it was to lead to, when it was an outgoing connection. */
  readonly destination?: string | undefined
}

/** How a connection is made private. */
export type SecureOptions = Pick<TLSLayerOptions, 'timeout' | 'done' | 'failed'>

/** One end of a wire in each direction. */
export abstract class WireEnd implements InboxOwner, OutboxOwner, TLSLayerOwner {
  /** When bytes came or went last. */
  lastActivity: Seconds
  /** When bytes came last. */
  lastReceived: Seconds
  /** How many bytes were handed to the protocol, and how many it has written. */
  bytesRead = 0
  bytesWritten = 0
  protected readonly network: Network
  protected readonly outbox: Outbox
  protected readonly inbox: Inbox
  protected attachment: Attachment | undefined
  readonly #ends: Ends
  #wire!: Wire<Segment>
  #other!: WireEnd
  #tls: TLSLayer | undefined
  #hasReceived = false
  #wasReset = false
  #hasSentEnd = false
  /** Whether the other end is closed, so that writing fails. */
  #isOtherGone = false

  constructor(network: Network, ends: Ends) {
    this.network = network
    this.#ends = ends
    this.outbox = new Outbox(network.time, this)
    this.inbox = new Inbox(network.time, this)
    this.lastActivity = network.time.seconds()
    this.lastReceived = this.lastActivity
  }

  /** Joins it to the other end, over the wire to there. */
  join(other: WireEnd, wire: Wire<Segment>): void {
    this.#other = other
    this.#wire = wire
  }

  /** Whether no more need be handed to it. */
  abstract get disconnecting(): boolean
  /** Whether it is cut, or about to be. */
  abstract get isCut(): boolean
  /** Whether the writing side alone is closed, or about to be. */
  protected abstract get isEnding(): boolean
  /** All is sent. */
  abstract allSent(): void
  abstract call(hook: string, call: () => void): Error | undefined
  abstract closeNow(reason: Error): void
  abstract toString(): string
  /** Something has come, and may be read. */
  abstract deliver(item: Item): void
  /** Something has come, in the clear. */
  protected abstract receiveItem(item: Item): void
  /** The connection is gone. */
  protected abstract lose(reason: Error): void
  /** The handshake that the protocol has asked for is done. */
  protected abstract tellSecured(): void

  /** What its listener or client inherited. */
  get clock(): IReactorTime {
    return this.attachment?.clock ?? this.network.time
  }

  /** What its listener or client inherited. */
  get log(): ILog {
    return this.attachment?.log ?? this.network.log
  }

  /** Whether this side has reset it. */
  get wasReset(): boolean {
    return this.#wasReset
  }

  /** Whether a handshake goes on. */
  protected get isTalking(): boolean {
    return this.#tls?.isTalking === true
  }

  /** Whether nothing that was written waits to be sent. */
  get isSent(): boolean {
    return this.outbox.isEmpty && !this.isTalking
  }

  /** Whether anything has come, of a handshake or of data. */
  get hasReceived(): boolean {
    return this.#hasReceived
  }

  /** Whether what comes is read. */
  get isReading(): boolean {
    return !this.inbox.isPaused
  }

  getPeer(): IAddress {
    return this.#ends.peer()
  }

  getHost(): IAddress {
    return this.#ends.host()
  }

  getTLSInfo(): TLSInfo | undefined {
    return this.#tls?.info
  }

  /**
   * Makes it private while it runs.
   *
   * @throws StartTLSError (`ERR_SENNIT_START_TLS`) when it is private already, or its writing side is closed
   * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`) when the options cannot work
   */
  startTLS(options: StartTLSOptions): void {
    const { received, handshakeTimeout: timeout } = options
    const now = () => this.network.now()
    if (this.#tls !== undefined && !this.isCut) throw new StartTLSError('it is private already')
    if (this.isEnding) throw new StartTLSError('its writing side is closed')
    const tls = options.isServer
      ? new TLSServer(MAKING_PRIVATE, options)
      : new TLSClient(MAKING_PRIVATE, options, this.attachment?.destination)
    if (this.disconnecting) return
    this.secure(tls.side(now), { timeout, done: () => this.tellSecured(), failed: notPrivate })
    this.#takeEarly(received)
  }

  /** Makes it private. */
  secure(side: TLSSide, options: SecureOptions): void {
    if (this.isCut) return
    const { done } = options
    this.#tls = new TLSLayer(this, {
      ...options,
      side,
      clock: this.clock,
      done: () => {
        done()
        this.outbox.release()
      },
    })
    this.outbox.hold()
    this.#tls.start()
    // What has come and was not read belongs to the handshake.
    for (const item of this.inbox.drop()) {
      if (Buffer.isBuffer(item)) this.#receiveSecret(item)
      else this.#tls.ended()
    }
  }

  /** The reactor shuts down. */
  shutDown(reason: Error): void {
    this.closeNow(reason)
  }

  pauseProducing(): void {
    this.inbox.pause()
  }

  resumeProducing(): void {
    this.inbox.resume()
  }

  /** Something has come over the wire. */
  receive(segment: Segment): void {
    if (typeof segment === 'object') this.#receiveData(segment)
    else if (segment === 'end') this.#receiveEnd()
    else if (segment === 'reset') this.lose(resetError())
    else if (segment === 'gone') this.#receiveGone()
    else if (segment === 'room') this.outbox.roomHasCome()
  }

  /** Lets both ends get a reset, as from something on the way between them. */
  sever(): void {
    this.#wire.send('reset')
    this.#other.#wire.send('reset')
  }

  /** The outbox puts bytes on the wire. */
  transmit(data: Data): void {
    this.lastActivity = this.network.time.seconds()
    if (this.#isOtherGone) this.network.time.soon(() => this.lose(pipeError()))
    else this.#wire.send(data)
  }

  /** The TLS layer sends records. */
  sendRecords(records: Buffer): void {
    if (!this.isCut) this.outbox.write(records)
  }

  /** The TLS layer has opened a record. */
  opened(chunk: Buffer): void {
    this.receiveItem(chunk)
  }

  /** The TLS layer has come to the end of what is sent. */
  openedEnd(truncation?: Error): void {
    this.receiveItem(truncation ?? 'end')
  }

  protected send(data: Uint8Array): void {
    this.bytesWritten += data.byteLength
    this.lastActivity = this.network.time.seconds()
    if (this.#tls === undefined) this.outbox.write(data)
    else this.#tls.write(data)
  }

  protected sendEnd(): void {
    this.#tls?.sayEnd()
    this.#hasSentEnd = true
    this.#wire.send('end')
  }

  protected sendReset(): void {
    if (this.#ends.resets) {
      this.#wasReset = true
      this.#wire.send('reset')
      return
    }
    if (!this.#hasSentEnd) this.#wire.send('end')
    this.#hasSentEnd = true
    this.#wire.send('gone')
  }

  /** Bytes were read: the other end may send as many more. */
  protected makeRoom(size: number): void {
    if (this.#other.outbox.read(size)) this.#wire.send('room')
  }

  /** Drops all that waits. */
  protected forget(): void {
    this.#tls?.close()
    this.outbox.clear()
    this.inbox.drop()
  }

  #takeEarly(received: Uint8Array | undefined): void {
    if (received !== undefined) this.#tls?.receive(Buffer.from(received))
  }

  /** Of what comes over a private connection, only what is handed on as data has yet to be read. */
  #receiveSecret(chunk: Buffer): void {
    this.makeRoom(chunk.length - this.#tls!.receive(chunk))
  }

  #receiveData(data: Data): void {
    const chunk = data.take()
    this.#hasReceived = true
    if (this.#tls === undefined) this.receiveItem(chunk)
    else this.#receiveSecret(chunk)
  }

  #receiveGone(): void {
    this.#isOtherGone = true
    if (!this.outbox.isEmpty) this.lose(pipeError())
  }

  #receiveEnd(): void {
    if (this.#tls === undefined) this.receiveItem('end')
    else this.#tls.ended()
  }
}

function notPrivate(error: SSLError): ConnectionLost {
  return lostFrom(error, 'it could not be made private: ')
}

function pipeError(): Error {
  return connectionLostFrom(systemError('EPIPE', 'write'))
}

function resetError(): Error {
  return connectionLostFrom(systemError('ECONNRESET', 'read'))
}
