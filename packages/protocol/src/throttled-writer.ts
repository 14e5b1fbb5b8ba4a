/**
 * What a protocol writes, no faster than a throttle allows.
 *
 * What may not go yet is kept, in order, and before the end of the connection. A producer is paused meanwhile.
 *
 * @module
 */
import type { ILog, IPullProducer, IPushProducer, IStreamTransport } from '@sennit/interfaces'
import { assertBytes } from './bytes.ts'
import { ProducerRegisteredError } from './errors.ts'
import { guardedCall } from './guarded-call.ts'
import type { Spender, Throttle } from './throttle.ts'

type Ending = 'nothing' | 'half' | 'all'

/** Stands between a protocol that writes, with or without a producer, and its transport. */
export class ThrottledWriter implements Spender, IPushProducer {
  readonly #transport: IStreamTransport
  readonly #throttle: Throttle
  readonly #log: ILog
  #queue: Uint8Array[] = []
  /** So many of them are sent. */
  #sent = 0
  /** Nothing may go before the throttle says so. */
  #held = false
  /** The transport takes nothing more for now. */
  #full = false
  /** What the protocol wants when all is sent. */
  #ending: Ending = 'nothing'
  /** What of it the transport was told. */
  #ended: Ending = 'nothing'
  #producer: IPullProducer | IPushProducer | undefined
  #streaming = false
  #producerPaused = false
  /** The transport has asked a pull producer for more, which was not passed on yet. */
  #asked = false
  /** The producer is done, and the transport is to be told when all is sent. */
  #leaving = false
  /** Nothing is sent any more. */
  #stopped = false

  constructor(transport: IStreamTransport, throttle: Throttle, log: ILog) {
    this.#transport = transport
    this.#throttle = throttle
    this.#log = log
  }

  write(data: Uint8Array): void {
    assertBytes(data)
    if (data.length === 0 || this.#stopped) return
    if (this.#ending !== 'nothing' && this.#producer === undefined) return
    this.#queue.push(data)
    this.#flush()
  }

  loseConnection(): void {
    if (this.#ending === 'all') return
    this.#ending = 'all'
    if (this.#queue.length === 0) this.#end()
  }

  loseWriteConnection(): void {
    if (this.#ending !== 'nothing') return
    this.#ending = 'half'
    if (this.#queue.length === 0) this.#end()
  }

  registerProducer(producer: IPullProducer | IPushProducer, streaming: boolean): void {
    if (this.#producer !== undefined) throw new ProducerRegisteredError()
    if (this.#ending !== 'nothing') {
      producer.stopProducing()
      return
    }
    if (this.#leaving) this.#leave()
    this.#producer = producer
    this.#streaming = streaming
    this.#producerPaused = false
    this.#asked = false
    this.#full = false
    this.#transport.registerProducer(this, streaming)
    this.#direct()
  }

  unregisterProducer(): void {
    if (this.#producer === undefined) return
    this.#producer = undefined
    this.#leaving = true
    if (this.#queue.length === 0) this.#leave()
  }

  /** The other side has ended, and nobody cares for that alone: what waits is sent, and nothing more. */
  finish(): void {
    const producer = this.#producer
    if (producer !== undefined) {
      this.#producer = undefined
      this.#leaving = true
      producer.stopProducing()
    }
    this.#ending = 'all'
    if (this.#queue.length === 0) this.#flush()
  }

  /** The connection is gone, or is aborted: nothing is sent any more. */
  stop(): void {
    this.#stopped = true
    this.#queue = []
    this.#sent = 0
    this.#ending = 'all'
    this.#ended = 'all'
    this.#throttle.forget(this)
  }

  /** The throttle lets more go. */
  proceed(): void {
    this.#held = false
    guardedCall(() => this.#flush(), 'resumeProducing', this.#transport, this.#log)
  }

  /** The transport takes nothing more for now. */
  pauseProducing(): void {
    this.#full = true
    this.#direct()
  }

  /** The transport takes more again; a pull producer is asked for some. */
  resumeProducing(): void {
    this.#full = false
    this.#asked = true
    this.#direct()
  }

  /** The connection is gone. */
  stopProducing(): void {
    const producer = this.#producer
    this.#producer = undefined
    this.stop()
    producer?.stopProducing()
  }

  #flush(): void {
    while (!this.#held && this.#queue.length > 0) {
      const piece = this.#takePiece()
      this.#held = !this.#throttle.spend(this, piece.length)
      this.#transport.write(piece)
    }
    this.#direct()
    if (this.#queue.length > 0) return
    this.#end()
    if (this.#leaving) this.#leave()
  }

  #end(): void {
    if (this.#ended === this.#ending) return
    this.#ended = this.#ending
    if (this.#ending === 'all') this.#transport.loseConnection()
    else this.#transport.loseWriteConnection()
  }

  #takePiece(): Uint8Array {
    const queue = this.#queue
    const { piece } = this.#throttle
    const data = queue[this.#sent]!
    if (data.length > piece) {
      queue[this.#sent] = data.subarray(piece)
      return data.subarray(0, piece)
    }
    this.#sent++
    if (this.#sent === queue.length) {
      this.#queue = []
      this.#sent = 0
    }
    return data
  }

  #leave(): void {
    this.#leaving = false
    this.#transport.unregisterProducer()
  }

  /** Pauses or resumes the producer, as the throttle and the transport allow. */
  #direct(): void {
    const producer = this.#producer
    if (producer === undefined) return
    const mayProduce = !this.#held && this.#queue.length === 0 && !this.#full
    if (!this.#streaming) {
      if (!mayProduce || !this.#asked) return
      this.#asked = false
      producer.resumeProducing()
    } else if (mayProduce === this.#producerPaused) {
      this.#producerPaused = !mayProduce
      if (mayProduce) producer.resumeProducing()
      else (producer as IPushProducer).pauseProducing()
    }
  }
}
