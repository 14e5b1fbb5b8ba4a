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
 * Source: Twisted, `twisted/internet/abstract.py`, `FileDescriptor`; `twisted/internet/tcp.py`, `Connection`.
 * Differs: after the last byte, the other side is given a moment to close first, since closing with bytes unread would
 * destroy what was sent last; when the other side ends first, what is buffered is still sent.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type {
  IAddress,
  IDelayedCall,
  IHalfCloseableProtocol,
  ILog,
  IProtocol,
  IPullProducer,
  IPushProducer,
  IReactorTime,
  IStopRequested,
  IStreamTransport,
  Seconds,
} from '@sennit/interfaces'
import {
  ConnectionAborted,
  ConnectionDone,
  connectionLostFrom,
  ProducerRegisteredError,
} from '@sennit/protocol'
import { assertBytes, type ServedConnection } from '@sennit/protocol/internal'
import { hasRole } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import { cut } from './cut.ts'
import { ProducerSlot } from './producer-slot.ts'

/** How long the other side may take to close after this side has. */
const LINGER: Seconds = 1

/** What made a transport, and is told when it is gone. */
export interface TransportOwner {
  readonly clock: IReactorTime
  readonly log: ILog
  /** The connection is gone; its protocol has been told. */
  transportLost(transport: SocketTransport, reason: Error): void
}

const NOBODY: IProtocol = { makeConnection() {}, dataReceived() {}, connectionLost() {} }

const TRANSPORT = Symbol('transport')

type Carrier = Socket & { [TRANSPORT]: SocketTransport }

/** What a protocol writes to, over a socket that is connected. */
export abstract class SocketTransport implements IStreamTransport, ServedConnection {
  protected readonly socket: Socket
  readonly #owner: TransportOwner
  #protocol: IProtocol = NOBODY
  #state: 'open' | 'half' | 'closing' | 'cut' = 'open'
  /** The writing side was ended, or the connection is gone: writes are ignored. */
  #ended = false
  #lost = false
  #reason: Error | undefined
  #linger: IDelayedCall | undefined
  #slot: ProducerSlot | undefined

  constructor(socket: Socket, owner: TransportOwner) {
    this.socket = socket
    this.#owner = owner
    ;(socket as Carrier)[TRANSPORT] = this
    socket.on('error', SocketTransport.#onError)
    socket.on('close', SocketTransport.#onClose)
  }

  abstract getPeer(): IAddress
  abstract getHost(): IAddress

  /** Connects a protocol with the socket. What `makeConnection` throws is logged, and cuts the connection. */
  start(protocol: IProtocol): void {
    this.#protocol = protocol
    this.socket.on('data', SocketTransport.#onData)
    this.socket.on('end', SocketTransport.#onEnd)
    try {
      protocol.makeConnection(this)
    } catch (error) {
      this.#fail(error, 'makeConnection')
    }
  }

  write(data: Uint8Array): void {
    if (!(data instanceof Uint8Array)) assertBytes(data)
    if (this.#ended || data.byteLength === 0) return
    if (this.#slot === undefined) this.socket.write(data)
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
    if (this.#slot === undefined) this.#endAll()
    // What still comes is read and dropped.
    this.socket.resume()
  }

  loseWriteConnection(): void {
    if (this.#state !== 'open') return
    this.#state = 'half'
    if (this.#slot === undefined) this.#endWriting()
  }

  abortConnection(reason: Error = new ConnectionAborted()): void {
    if (this.#state === 'cut' || this.#lost) return
    this.#cut(reason)
    cut(this.socket)
  }

  /** Closes at once: in an orderly way when nothing waits to be sent, else as `abortConnection` does. */
  closeNow(reason?: Error): void {
    if (this.socket.writableLength > 0) return this.abortConnection(reason)
    if (this.#state === 'cut' || this.#lost) return
    this.#cut(reason)
    this.socket.destroy()
  }

  registerProducer(producer: IPullProducer | IPushProducer, streaming: boolean): void {
    if (this.#slot !== undefined) throw new ProducerRegisteredError()
    if (this.#ended) return producer.stopProducing()
    this.#slot = new ProducerSlot(this.socket, producer, streaming, (thrown, method) =>
      this.#fail(thrown, method),
    )
    this.#slot.begin()
  }

  unregisterProducer(): void {
    if (this.#slot === undefined) return
    this.#slot.leave()
    this.#slot = undefined
    if (this.#state === 'closing') this.#endAll()
    else if (this.#state === 'half') this.#endWriting()
  }

  pauseProducing(): void {
    if (this.#state === 'open' || this.#state === 'half') this.socket.pause()
  }

  resumeProducing(): void {
    if (this.#state === 'open' || this.#state === 'half') this.socket.resume()
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
    if (socket.destroyed || socket.readableEnded) return
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
    const hooks = ['readConnectionLost', 'writeConnectionLost'] as const
    if (!hasRole<IHalfCloseableProtocol>(protocol, hooks)) return false
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
    if (
      isOpen &&
      transport.#tellHalfCloseable('readConnectionLost', (protocol) => protocol.readConnectionLost())
    ) {
      return
    }
    transport.#state = 'closing'
    transport.#endAll()
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
    transport.#lost = true
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
