/**
 * A connection of a `ThrottlingFactory`.
 *
 * Source: Twisted, `twisted/protocols/policies.py`, `ThrottlingProtocol`.
 * Differs: what is written without a producer is throttled as well.
 *
 * @module
 */
import type {
  IHalfCloseableProtocol,
  ILog,
  IProtocol,
  IPullProducer,
  IPushProducer,
  IStreamTransport,
} from '@sennit/interfaces'
import { defaultLog, hasRole } from '@sennit/runtime'
import { assertBytes } from './bytes.ts'
import { guardedCall } from './guarded-call.ts'
import { ProtocolWrapper, type WrapperOwner } from './protocol-wrapper.ts'
import type { Spender, Throttle } from './throttle.ts'
import { ThrottledWriter } from './throttled-writer.ts'

/** What the connections of a factory share. */
export interface Throttles {
  readonly reads: Throttle | undefined
  readonly writes: Throttle | undefined
  readonly log: ILog
}

/** What a `ThrottlingProtocol` takes from the factory that made it. */
export interface ThrottlingOwner<P extends IProtocol> extends WrapperOwner<P> {
  throttlesFor(transport: IStreamTransport): Throttles
}

/** Reads and writes no faster than its factory allows. */
export class ThrottlingProtocol<P extends IProtocol = IProtocol> extends ProtocolWrapper<P> {
  readonly #owner: ThrottlingOwner<P>
  /** Told instead of a protocol that is not told: its connection ends when all is sent that waits here, not before. */
  declare readConnectionLost?: () => void
  declare writeConnectionLost?: () => void
  #reads: Throttle | undefined
  #writer: ThrottledWriter | undefined
  /** Nothing may be read before the throttle says so. */
  #held = false
  /** The protocol does not want to read. */
  #unwanted = false
  readonly #reader: Spender = { proceed: () => this.#proceed() }
  #log: ILog = defaultLog

  constructor(factory: ThrottlingOwner<P>, wrappedProtocol: P) {
    super(factory, wrappedProtocol)
    this.#owner = factory
  }

  override makeConnection(transport: IStreamTransport): void {
    const { reads, writes, log } = this.#owner.throttlesFor(transport)
    this.#reads = reads
    this.#log = log
    if (writes !== undefined) this.#throttleWrites(new ThrottledWriter(transport, writes, log))
    super.makeConnection(transport)
    if (reads !== undefined && !this.closing && !reads.join(this.#reader)) this.#hold()
  }

  override dataReceived(data: Uint8Array): void {
    // The connection may be kept only to send what is left.
    if (this.closing) return
    if (this.#reads !== undefined && !this.#reads.spend(this.#reader, data.length)) this.#hold()
    super.dataReceived(data)
  }

  override connectionLost(reason: Error): void {
    this.#reads?.forget(this.#reader)
    this.#writer?.stop()
    super.connectionLost(reason)
  }

  override write(data: Uint8Array): void {
    if (this.#writer === undefined) super.write(data)
    else this.#writer.write(data)
  }

  override writeSequence(data: Iterable<Uint8Array>): void {
    if (this.#writer === undefined) return super.writeSequence(data)
    const chunks = Array.from(data)
    for (const chunk of chunks) assertBytes(chunk)
    for (const chunk of chunks) this.#writer.write(chunk)
  }

  override loseConnection(): void {
    if (this.#writer === undefined) return super.loseConnection()
    this.closing = true
    this.#writer.loseConnection()
  }

  override loseWriteConnection(): void {
    if (this.#writer === undefined) super.loseWriteConnection()
    else this.#writer.loseWriteConnection()
  }

  override abortConnection(reason?: Error): void {
    this.#writer?.stop()
    super.abortConnection(reason)
  }

  override registerProducer(producer: IPullProducer | IPushProducer, streaming: boolean): void {
    if (this.#writer === undefined) super.registerProducer(producer, streaming)
    else this.#writer.registerProducer(producer, streaming)
  }

  override unregisterProducer(): void {
    if (this.#writer === undefined) super.unregisterProducer()
    else this.#writer.unregisterProducer()
  }

  override pauseProducing(): void {
    this.#unwanted = true
    super.pauseProducing()
  }

  override resumeProducing(): void {
    this.#unwanted = false
    if (!this.#held) super.resumeProducing()
  }

  override stopProducing(): void {
    this.loseConnection()
  }

  #throttleWrites(writer: ThrottledWriter): void {
    this.#writer = writer
    if (hasRole<IHalfCloseableProtocol>(this.wrappedProtocol, HALF_CLOSEABLE)) return
    this.readConnectionLost = () => {
      this.closing = true
      writer.finish()
    }
    this.writeConnectionLost = nothing
  }

  #hold(): void {
    this.#held = true
    this.transport.pauseProducing()
  }

  #proceed(): void {
    this.#held = false
    if (this.#unwanted) return
    const { transport } = this
    guardedCall(() => transport.resumeProducing(), 'resumeProducing', transport, this.#log)
  }
}

const HALF_CLOSEABLE = ['readConnectionLost', 'writeConnectionLost'] as const

function nothing(): void {}
