/**
 * A protocol's transport over a Node socket.
 *
 * | state   | loseConnection | loseWriteConnection | peer ends             | abortConnection, throw | last byte sent         |
 * |---------|----------------|---------------------|-----------------------|------------------------|------------------------|
 * | open    | closing        | half                | told, or else closing | cut                    | -                      |
 * | half    | closing        | -                   | told, or else closing | cut                    | told                   |
 * | closing | -              | -                   | -                     | cut                    | the peer's end awaited |
 * | cut     | -              | -                   | -                     | -                      | -                      |
 *
 * `half` and `closing` end the writing side as soon as no producer is registered; when the peer has ended, at once. Whatever
 * the state, the protocol is told once that the connection is lost, when the socket has closed.
 *
 * `startTLS` puts an encrypted socket in the place of the one below. Until the handshake is done, what is written is kept, and what
 * would end the writing side waits.
 *
 * Source: Twisted, `twisted/internet/abstract.py`, `FileDescriptor`; `twisted/internet/tcp.py`, `Connection`.
 * Differs: after the last byte, the other side is given a moment to close first, since closing with bytes unread would
 * destroy what was sent last; when the other side ends first, what is buffered is still sent; an encrypted connection whose
 * end was not said is lost, not done.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type {
  IAddress,
  IClosingTransport,
  ICountedTransport,
  IDelayedCall,
  IHalfCloseableProtocol,
  IHandshakeListener,
  IHostPort,
  ILog,
  IProtocol,
  IPullProducer,
  IPushProducer,
  IReactorTime,
  ISituatedTransport,
  ISSLTransport,
  IStopRequested,
  IStreamTransport,
  ITLSTransport,
  Seconds,
  StartTLSOptions,
  TLSInfo,
} from '@sennit/interfaces'
import {
  ConnectionAborted,
  ConnectionDone,
  ConnectionLost,
  connectionLostFrom,
  ProducerRegisteredError,
  SSLError,
  StartTLSError,
} from '@sennit/protocol'
import { assertBytes, bytesGone, cut, type ServedConnection } from '@sennit/protocol/internal'
import { hasRole } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import { ProducerSlot } from './producer-slot.ts'
import { isSecure, isTruncated, tlsInfoOf, truncation } from './tls-socket.ts'
import { TLSUpgrade, upgradePlan } from './tls-upgrade.ts'

/** How long the other side may take to close after this side has. */
const LINGER: Seconds = 1

/** What made a transport, and is told when it is gone. */
export interface TransportOwner {
  readonly clock: IReactorTime
  readonly log: ILog
  /** The connection is gone; its protocol has been told. */
  transportLost(transport: SocketTransport, reason: Error): void
  /** Where it has led to, when it was an outgoing connection. */
  getDestination?(): IAddress
}

const NOBODY: IProtocol = { makeConnection() {}, dataReceived() {}, connectionLost() {} }

const HALF_CLOSEABLE = ['readConnectionLost', 'writeConnectionLost'] as const

const TRANSPORT = Symbol('transport')

type Carrier = Socket & { [TRANSPORT]: SocketTransport }

/** What a protocol writes to, over a socket that is connected. */
export abstract class SocketTransport
  implements
    IStreamTransport,
    IClosingTransport,
    ICountedTransport,
    ISituatedTransport,
    ITLSTransport,
    ISSLTransport,
    ServedConnection
{
  /** @internal */ seat = -1
  protected socket: Socket
  readonly #owner: TransportOwner
  #protocol: IProtocol = NOBODY
  #state: 'open' | 'half' | 'closing' | 'cut' = 'open'
  /** The writing side was ended, or the connection is gone: writes are ignored. */
  #ended = false
  #reason: Error | undefined
  #linger: IDelayedCall | undefined
  #slot: ProducerSlot | undefined
  /** A handshake goes on. */
  #upgrade: TLSUpgrade | undefined
  #info: TLSInfo | undefined
  /** What has come and gone before the handshake. */
  #before: ICountedTransport | undefined

  constructor(socket: Socket, owner: TransportOwner) {
    this.socket = socket
    this.#owner = owner
    this.#carry(socket)
  }

  /** Whether no more need be handed to it. */
  get disconnecting(): boolean {
    return this.#state === 'closing' || this.#state === 'cut'
  }

  /** How many bytes have come; inside, when the connection is private. */
  get bytesRead(): number {
    return (this.#before?.bytesRead ?? 0) + this.socket.bytesRead
  }

  /** How many bytes have gone to the system; inside, when the connection is private. */
  get bytesWritten(): number {
    return (this.#before?.bytesWritten ?? 0) + bytesGone(this.socket)
  }

  /** What its listener or client runs on. */
  get clock(): IReactorTime {
    return this.#owner.clock
  }

  get log(): ILog {
    return this.#owner.log
  }

  abstract getPeer(): IAddress
  abstract getHost(): IAddress

  /** Connects a protocol with the socket. What `makeConnection` throws is logged, and cuts the connection. */
  start(protocol: IProtocol): void {
    this.#protocol = protocol
    this.#receive(this.socket)
    try {
      protocol.makeConnection(this)
    } catch (error) {
      this.#fail(error, 'makeConnection')
    }
    if (isSecure(this.socket)) this.#tellHandshake()
  }

  write(data: Uint8Array): void {
    if (!(data instanceof Uint8Array)) assertBytes(data)
    if (this.#ended || data.byteLength === 0) return
    if (this.#upgrade !== undefined) this.#hold(this.#upgrade, data)
    else if (this.#slot === undefined) this.socket.write(data)
    else this.#slot.write(data)
  }

  writeSequence(data: Iterable<Uint8Array>): void {
    const chunks = Array.from(data)
    for (const chunk of chunks) assertBytes(chunk)
    this.socket.cork()
    for (const chunk of chunks) this.write(chunk)
    this.socket.uncork()
  }

  loseConnection(): void {
    if (this.#state === 'closing' || this.#state === 'cut') return
    this.#state = 'closing'
    if (this.#upgrade !== undefined) return
    if (this.#slot === undefined) this.#endAll()
    // What still comes is read and dropped.
    this.socket.resume()
  }

  loseWriteConnection(): void {
    if (this.#state !== 'open') return
    this.#state = 'half'
    if (this.#slot === undefined && this.#upgrade === undefined) this.#endWriting()
  }

  abortConnection(reason: Error = new ConnectionAborted()): void {
    if (this.#state === 'cut') return
    this.#cut(reason)
    cut(this.socket)
  }

  /** Closes at once: in an orderly way when nothing waits to be sent, else as `abortConnection` does. */
  closeNow(reason?: Error): void {
    if (this.socket.writableLength > 0 || this.#upgrade !== undefined) return this.abortConnection(reason)
    if (this.#state === 'cut') return
    this.#cut(reason)
    this.socket.destroy()
  }

  /**
   * Makes the connection private: what was written before is sent as it is, what is written from now on only when the handshake
   * is done. Bytes that the protocol has received already are not a part of it, unless they are given as `received`. A
   * client that does not say whose certificate it expects expects that of the host that it connected to.
   *
   * @throws StartTLSError (`ERR_SENNIT_START_TLS`) when it is private already, or its writing side is closed
   * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`) when the options cannot work
   */
  startTLS(options: StartTLSOptions): void {
    if (this.#upgrade !== undefined || isSecure(this.socket)) throw new StartTLSError('it is private already')
    if (this.#state === 'half') throw new StartTLSError('its writing side is closed')
    const { host } = (this.#owner.getDestination?.() ?? {}) as Partial<IHostPort>
    const plan = upgradePlan(options, host, this.#owner.clock)
    if (this.#ended || this.#state !== 'open') return
    this.#slot?.hold()
    // What the producer threw has cut the connection.
    if (this.disconnecting) return
    const { socket } = this
    socket.off('data', SocketTransport.#onData)
    socket.off('end', SocketTransport.#onEnd)
    socket.off('error', SocketTransport.#onError)
    socket.off('close', SocketTransport.#onClose)
    this.#upgrade = new TLSUpgrade(socket, plan, {
      secured: (secure) => this.#secured(secure),
      failed: (error) => this.#handshakeFailed(error),
    })
  }

  /** What is known of a connection that is private; nothing when it is not, or is gone and was never asked. */
  getTLSInfo(): TLSInfo | undefined {
    if (isSecure(this.socket)) this.#info ??= tlsInfoOf(this.socket)
    return this.#info
  }

  registerProducer(producer: IPullProducer | IPushProducer, streaming: boolean): void {
    if (this.#slot !== undefined) throw new ProducerRegisteredError()
    if (this.#ended) return producer.stopProducing()
    this.#slot = new ProducerSlot(this.socket, producer, streaming, (thrown, method) =>
      this.#fail(thrown, method),
    )
    if (this.#upgrade !== undefined) this.#slot.hold()
    this.#slot?.begin()
  }

  unregisterProducer(): void {
    if (this.#slot === undefined) return
    this.#slot.leave()
    this.#slot = undefined
    if (this.#upgrade === undefined) this.#endAsWanted()
  }

  pauseProducing(): void {
    if (this.#upgrade !== undefined) this.#upgrade.isPaused = true
    else if (this.#state === 'open' || this.#state === 'half') this.socket.pause()
  }

  resumeProducing(): void {
    if (this.#upgrade !== undefined) this.#upgrade.isPaused = false
    else if (this.#state === 'open' || this.#state === 'half') this.socket.resume()
  }

  stopProducing(): void {
    this.loseConnection()
  }

  requestStop(): void {
    const protocol: IProtocol & Partial<IStopRequested> = this.#protocol
    try {
      protocol.stopRequested?.()
    } catch (error) {
      this.#fail(error, 'stopRequested')
    }
  }

  abort(): void {
    this.abortConnection()
  }

  /** The transport of a socket that is connected. */
  #carry(socket: Socket): void {
    ;(socket as Carrier)[TRANSPORT] = this
    socket.on('error', SocketTransport.#onError)
    socket.on('close', SocketTransport.#onClose)
  }

  #receive(socket: Socket): void {
    socket.on('data', SocketTransport.#onData)
    socket.on('end', SocketTransport.#onEnd)
  }

  /** Keeps what was written, unless that is at an end. */
  #hold({ held }: TLSUpgrade, data: Uint8Array): void {
    if (this.#state === 'open' || this.#slot !== undefined) held.push(data)
  }

  /** Goes on with the encrypted socket. */
  #secured(secure: Socket): void {
    const { held, isPaused } = this.#upgrade!
    const slot = this.#slot
    this.#upgrade = undefined
    const { bytesRead, bytesWritten } = this
    this.#before = { bytesRead, bytesWritten }
    this.socket = secure
    this.#carry(secure)
    if (isPaused && this.#state !== 'closing') secure.pause()
    this.#receive(secure)
    for (const data of held) secure.write(data)
    slot?.moveTo(secure)
    this.#tellHandshake()
    if (slot === this.#slot) slot?.release()
    if (this.#slot === undefined) this.#endAsWanted()
  }

  /** The connection ends without having become private. */
  #handshakeFailed(error: SSLError): void {
    const { socket } = this
    const why = error.message.replace(`${SSLError.sentence}: `, '')
    this.#cut(new ConnectionLost(`it could not be made private: ${why}`, { code: error.code, cause: error }))
    this.#upgrade = undefined
    if (socket.closed) SocketTransport.#onClose.call(socket)
    else socket.on('close', SocketTransport.#onClose)
  }

  #tellHandshake(): void {
    const protocol: IProtocol & Partial<IHandshakeListener> = this.#protocol
    if (this.disconnecting || protocol.handshakeCompleted === undefined) return
    try {
      protocol.handshakeCompleted()
    } catch (error) {
      this.#fail(error, 'handshakeCompleted')
    }
  }

  /** Ends what could not be ended when that was wanted. */
  #endAsWanted(): void {
    if (this.#state === 'closing') this.#endAll()
    else if (this.#state === 'half') this.#endWriting()
  }

  /**
   * Whether nothing waits to be sent, not even the announcement of the end that encryption makes: when the other side has ended as well,
   * closing says the end by itself, without the call to the system and the turn of the loop that announcing it takes.
   */
  get #isEmpty(): boolean {
    const { socket } = this
    return !this.#ended && socket.writableLength === 0 && !isSecure(socket)
  }

  #endAll(): void {
    const { socket } = this
    if (!this.#ended) {
      this.#ended = true
      socket.end()
    }
    // When both sides have ended, the socket closes by itself.
    if (socket.readableEnded) return
    if (socket.writableFinished) this.#lingerNow()
    else socket.once('finish', () => this.#lingerNow())
  }

  #lingerNow(): void {
    const { socket } = this
    if (socket.destroyed || socket.readableEnded || this.#linger !== undefined) return
    this.#linger = this.#owner.clock.callLater(LINGER, () => socket.destroy())
  }

  #endWriting(): void {
    this.#ended = true
    const { socket } = this
    socket.once('finish', () =>
      this.#tellHalfCloseable('writeConnectionLost', (protocol) => protocol.writeConnectionLost()),
    )
    socket.end()
  }

  /** Whether the protocol handles the two directions apart. */
  #tellHalfCloseable(hook: string, tell: (protocol: IHalfCloseableProtocol) => void): boolean {
    const protocol: object = this.#protocol
    if (!hasRole<IHalfCloseableProtocol>(protocol, HALF_CLOSEABLE)) return false
    if (this.#state === 'cut') return true
    try {
      tell(protocol)
    } catch (error) {
      this.#fail(error, hook)
    }
    return true
  }

  /** From now on nothing is sent, and the protocol is told only that the connection is lost. */
  #cut(reason: Error | undefined): void {
    this.#state = 'cut'
    this.#ended = true
    this.#reason ??= reason
  }

  #fail(thrown: unknown, hook: string): void {
    const error = asError(thrown)
    this.#owner.log.error({ err: error }, `${hook} threw; its connection is closed`)
    this.abortConnection(error)
  }

  // The listeners are shared by all connections, so that a connection costs no closures.

  static readonly #onData = function (this: Socket, data: Uint8Array): void {
    const transport = (this as Carrier)[TRANSPORT]
    if (transport.#state === 'closing' || transport.#state === 'cut') return
    try {
      transport.#protocol.dataReceived(data)
    } catch (error) {
      transport.#fail(error, 'dataReceived')
    }
  }

  static readonly #onEnd = function (this: Socket): void {
    const transport = (this as Carrier)[TRANSPORT]
    if (transport.#state === 'cut') return
    const isOpen = transport.#state !== 'closing'
    if (isOpen && isTruncated(this)) {
      transport.#cut(truncation())
      this.destroy()
      return
    }
    if (
      isOpen &&
      transport.#tellHalfCloseable('readConnectionLost', (protocol) => protocol.readConnectionLost())
    ) {
      return
    }
    transport.#state = 'closing'
    if (transport.#isEmpty) this.destroy()
    else transport.#endAll()
  }

  static readonly #onError = function (this: Socket, error: Error): void {
    const transport = (this as Carrier)[TRANSPORT]
    transport.#ended = true
    // What was to be sent is sent, and nothing more is wanted: the end is clean.
    if (transport.#state === 'closing' && transport.socket.writableFinished) return
    transport.#reason ??= connectionLostFrom(error)
  }

  static readonly #onClose = function (this: Socket): void {
    const transport = (this as Carrier)[TRANSPORT]
    const owner = transport.#owner
    const reason = transport.#reason ?? new ConnectionDone()
    transport.#cut(reason)
    if (transport.#linger?.active()) transport.#linger.cancel()
    const slot = transport.#slot
    transport.#slot = undefined
    slot?.stop()
    try {
      transport.#protocol.connectionLost(reason)
    } catch (error) {
      owner.log.error({ err: asError(error) }, 'connectionLost threw')
    }
    owner.transportLost(transport, reason)
  }
}
