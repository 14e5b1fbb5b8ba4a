/**
 * A transport for one protocol alone: it records what is written and how it is closed, and does nothing else.
 *
 * Source: Twisted, `twisted/internet/testing.py`, `StringTransport`, `StringTransportWithDisconnection`.
 * Differs: options instead of arguments; half-closing is recorded too.
 *
 * @module
 */
import type { IAddress, IPullProducer, IPushProducer, IStreamTransport } from '@sennit/interfaces'
import { IPv4Address, ProducerRegisteredError } from '@sennit/protocol'
import { assertBytes } from '@sennit/protocol/internal'
import { DoubleStateError } from './errors.ts'

/** Options of `StringTransport`. */
export interface StringTransportOptions {
  /** The address of the other side. @defaultValue 192.168.1.1:54321 */
  readonly peer?: IAddress | undefined
  /** The address of this side. @defaultValue 10.0.0.1:12345 */
  readonly host?: IAddress | undefined
  /** Allows pausing and resuming after the close. @defaultValue false */
  readonly lenient?: boolean | undefined
}

/**
 * Records what a protocol does with its transport.
 *
 * @example
 * ```ts
 * const transport = new StringTransport()
 * protocol.makeConnection(transport)
 * protocol.dataReceived(Buffer.from('ping\n'))
 * assert.equal(transport.value().toString(), 'pong\n')
 * ```
 */
export class StringTransport implements IStreamTransport {
  /** Not lost yet. */
  connected = true
  /** `loseConnection` or `abortConnection` was called. */
  disconnecting = false
  /** `abortConnection` was called. */
  disconnected = false
  /** `loseWriteConnection` was called. */
  writeDisconnecting = false
  /** What `abortConnection` was given. */
  abortReason: Error | undefined
  /** The registered producer. */
  producer: IPullProducer | IPushProducer | undefined
  /** Whether the registered producer is a push producer. */
  streaming: boolean | undefined
  /** What the protocol has asked of the transport as the producer of what it receives. */
  producerState: 'producing' | 'paused' | 'stopped' = 'producing'
  readonly #peer: IAddress
  readonly #host: IAddress
  readonly #lenient: boolean
  #written: Uint8Array[] = []

  constructor({ peer, host, lenient = false }: StringTransportOptions = {}) {
    this.#peer = peer ?? new IPv4Address('TCP', '192.168.1.1', 54321)
    this.#host = host ?? new IPv4Address('TCP', '10.0.0.1', 12345)
    this.#lenient = lenient
  }

  /** Everything that was written since the last `clear`. */
  value(): Buffer {
    return Buffer.concat(this.#written)
  }

  /** Forgets what was written. */
  clear(): void {
    this.#written = []
  }

  /**
   * Records bytes, also after the close.
   *
   * @throws BytesError (`ERR_SENNIT_BYTES`)
   */
  write(data: Uint8Array): void {
    assertBytes(data)
    this.#written.push(Buffer.from(data))
  }

  writeSequence(data: Iterable<Uint8Array>): void {
    const chunks = Array.from(data)
    for (const chunk of chunks) assertBytes(chunk)
    for (const chunk of chunks) this.write(chunk)
  }

  loseConnection(): void {
    this.disconnecting = true
  }

  abortConnection(reason?: Error): void {
    this.disconnected = true
    this.abortReason = reason
    this.loseConnection()
  }

  loseWriteConnection(): void {
    this.writeDisconnecting = true
  }

  getPeer(): IAddress {
    return this.#peer
  }

  getHost(): IAddress {
    return this.#host
  }

  /** @throws ProducerRegisteredError (`ERR_SENNIT_PRODUCER_REGISTERED`) when there is a producer already */
  registerProducer(producer: IPullProducer | IPushProducer, streaming: boolean): void {
    if (this.producer !== undefined) throw new ProducerRegisteredError()
    this.producer = producer
    this.streaming = streaming
  }

  /** @throws DoubleStateError (`ERR_SENNIT_DOUBLE_STATE`) when there is no producer */
  unregisterProducer(): void {
    if (this.producer === undefined)
      throw new DoubleStateError('Cannot unregister a producer: none is registered')
    this.producer = undefined
    this.streaming = undefined
  }

  /** @throws DoubleStateError (`ERR_SENNIT_DOUBLE_STATE`) after the close, unless lenient, and after a stop */
  pauseProducing(): void {
    this.#assertProducing('pause')
    this.producerState = 'paused'
  }

  /** @throws DoubleStateError (`ERR_SENNIT_DOUBLE_STATE`) after the close, unless lenient, and after a stop */
  resumeProducing(): void {
    this.#assertProducing('resume')
    this.producerState = 'producing'
  }

  stopProducing(): void {
    this.producerState = 'stopped'
  }

  #assertProducing(action: string): void {
    if (this.#lenient) return
    if (this.disconnecting)
      throw new DoubleStateError(`Cannot ${action} producing: the connection is being closed`)
    if (this.producerState === 'stopped')
      throw new DoubleStateError(`Cannot ${action} producing: it was stopped`)
  }
}
