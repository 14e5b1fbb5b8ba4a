/**
 * What one end of a connection has to send: what goes on the wire, what waits, and the producer that fills it.
 *
 * At most 64 KiB are under way or unread at the other end; the rest waits here.
 *
 * @module
 */
import type { IPullProducer, IPushProducer } from '@sennit/interfaces'
import { ProducerRegisteredError } from '@sennit/protocol'
import { Data } from '../network/segment.ts'
import type { NetworkTime } from '../time/network-time.ts'

/** How many bytes are under way or unread at most; and how many wait before a push producer is paused. */
const WINDOW = 65536

/** Whose outbox it is. */
export interface OutboxOwner {
  /** Puts bytes on the wire. */
  transmit(data: Data): void
  /** All is sent. Comes in a turn of its own. */
  allSent(): void
  /** Calls a method of the producer. */
  call(hook: string, call: () => void): void
}

/** The sending half of a transport. */
export class Outbox {
  readonly #time: NetworkTime
  readonly #owner: OutboxOwner
  #unsent: Buffer[] = []
  #size = 0
  /** Bytes under way, or unread at the other end. */
  #inFlight = 0
  /** What was put on the wire last. */
  #last: Data | undefined
  /** The other end has sent word that there is room. */
  #roomComes = false
  #producer: IPullProducer | IPushProducer | undefined
  #streaming = false
  #paused = false
  /** Nothing that is written now is sent. */
  #isHeld = false
  #drainComes = false

  constructor(time: NetworkTime, owner: OutboxOwner) {
    this.#time = time
    this.#owner = owner
  }

  /** Whether nothing waits to be sent. */
  get isEmpty(): boolean {
    return this.#size === 0
  }

  get hasProducer(): boolean {
    return this.#producer !== undefined
  }

  /** Sends; the bytes are copied. */
  write(data: Uint8Array): void {
    if (this.#size === 0 && this.#inFlight + data.length <= WINDOW) {
      this.#transmit(data)
      // A pull producer is asked for more when all is sent.
      if (this.#producer !== undefined && !this.#streaming) this.#drainSoon()
      return
    }
    this.#unsent.push(Buffer.from(data))
    this.#size += data.length
    this.#sendMore()
    this.#pauseIfFull()
  }

  register(producer: IPullProducer | IPushProducer, streaming: boolean): void {
    if (this.#producer !== undefined) throw new ProducerRegisteredError()
    this.#producer = producer
    this.#streaming = streaming
    this.#paused = false
    if (streaming) this.#pauseIfFull()
    else if (!this.#isHeld) producer.resumeProducing()
  }

  /** Nothing that is written from now on is sent, until it is released: a producer is paused. */
  hold(): void {
    this.#isHeld = true
    this.#pauseIfFull()
  }

  /** What is written is sent again. */
  release(): void {
    this.#isHeld = false
    if (this.#producer !== undefined) this.#drainSoon()
  }

  /** Forgets the producer. */
  unregister(): IPullProducer | IPushProducer | undefined {
    const producer = this.#producer
    this.#producer = undefined
    return producer
  }

  /**
   * So many bytes were read at the other end.
   *
   * @returns whether the other end is to send word of it, since something waits here
   */
  read(size: number): boolean {
    this.#inFlight -= size
    if (this.#size === 0 || this.#roomComes) return false
    this.#roomComes = true
    return true
  }

  /** Word has come that there is room. */
  roomHasCome(): void {
    this.#roomComes = false
    this.#sendMore()
  }

  /** Drops what waits. */
  clear(): void {
    this.#unsent = []
    this.#size = 0
  }

  #transmit(data: Uint8Array): void {
    const now = this.#time.seconds()
    const chunk = Buffer.from(data)
    this.#inFlight += chunk.length
    if (this.#last?.append(now, chunk)) return
    this.#last = new Data(now, chunk)
    this.#owner.transmit(this.#last)
  }

  #sendMore(): void {
    if (this.#size === 0) return
    while (this.#size > 0 && this.#inFlight < WINDOW) {
      const room = WINDOW - this.#inFlight
      const chunk = this.#unsent[0]!
      if (chunk.length > room) this.#unsent[0] = chunk.subarray(room)
      else this.#unsent.shift()
      this.#size -= Math.min(chunk.length, room)
      this.#transmit(chunk.subarray(0, room))
    }
    if (this.#size === 0) this.#drainSoon()
  }

  #pauseIfFull(): void {
    const producer = this.#producer
    if ((this.#size <= WINDOW && !this.#isHeld) || producer === undefined || !this.#streaming || this.#paused)
      return
    this.#paused = true
    this.#owner.call('pauseProducing', () => (producer as IPushProducer).pauseProducing())
  }

  #drainSoon(): void {
    if (this.#drainComes) return
    this.#drainComes = true
    this.#time.soon(this.#drained)
  }

  readonly #drained = (): void => {
    this.#drainComes = false
    if (this.#size > 0 || this.#isHeld) return
    const producer = this.#producer
    if (producer !== undefined && (!this.#streaming || this.#paused)) {
      this.#paused = false
      this.#owner.call('resumeProducing', () => producer.resumeProducing())
    }
    this.#owner.allSent()
  }
}
