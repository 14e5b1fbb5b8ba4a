/**
 * Sennit's side of a conversation in raw bytes: the same that `python/conversations.py` can be told to do, out of the classes
 * that a program would use.
 *
 * @module
 */
import { createHash, type Hash } from 'node:crypto'
import type { IAddress, IPullProducer } from '@sennit/interfaces'
import { ClientFactory, Protocol } from '@sennit/protocol'
import { Arrivals } from './arrivals.ts'

/** What a conversation is to do. */
export interface Wishes {
  /** Written at once. */
  readonly send?: Uint8Array
  /** So many bytes are written at once, by a producer. */
  readonly blocks?: number
  /** What follows that; or, with `when`, follows when so many bytes have come. */
  readonly when?: number
  readonly afterwards?: 'end' | 'close' | 'abort'
  readonly echo?: boolean
  /** Closes after so many bytes. */
  readonly until?: number
  /** After so many bytes answers with their hash, and closes. */
  readonly digest?: number
}

/** What a conversation tells when its connection is gone. */
export interface OwnReport {
  /** The name of the reason's class. */
  readonly reason: string
  readonly received: Buffer
  readonly length: number
  readonly sha256: string
  readonly peer: string
}

/** What producers send, over and over. */
const BLOCK: Buffer = Buffer.from(Uint8Array.from({ length: 65_536 }, (_, i) => i * 31 + (i >> 8)))

/** The hash of the first `length` bytes that producers send. */
export function hashOfBlocks(length: number): string {
  const hash = createHash('sha256')
  for (let left = length; left > 0; left -= BLOCK.length) hash.update(BLOCK.subarray(0, left))
  return hash.digest('hex')
}

/** Raw bytes; when the other side ends, the connection is lost. */
export class Talk extends Protocol {
  readonly #wishes: Wishes
  readonly #reports: Arrivals<OwnReport>
  readonly #received: Uint8Array[] = []
  readonly #hash: Hash = createHash('sha256')
  #length = 0

  constructor(wishes: Wishes, reports: Arrivals<OwnReport>) {
    super()
    this.#wishes = wishes
    this.#reports = reports
  }

  override connectionMade(): void {
    const { send, blocks } = this.#wishes
    if (send) this.transport.write(send)
    if (blocks) this.transport.registerProducer(this.#producer(blocks), false)
    else if (this.#wishes.when === undefined) this.#end()
  }

  override dataReceived(data: Uint8Array): void {
    const { echo, digest, until, when } = this.#wishes
    this.#hash.update(data)
    this.#length += data.length
    if (this.#length <= BLOCK.length) this.#received.push(data)
    if (echo) this.transport.write(data)
    if (this.#length === digest) this.transport.write(Buffer.from(this.#hash.copy().digest('hex')))
    if (this.#length === when) this.#end()
    if (this.#length === digest || this.#length === until) this.transport.loseConnection()
  }

  override connectionLost(reason: Error): void {
    super.connectionLost(reason)
    this.#reports.put({
      reason: reason.name,
      received: Buffer.concat(this.#received),
      length: this.#length,
      sha256: this.#hash.digest('hex'),
      peer: String(this.transport.getPeer()),
    })
  }

  #producer(length: number): IPullProducer {
    let left = length
    return {
      resumeProducing: () => {
        const block = BLOCK.subarray(0, left)
        left -= block.length
        this.transport.write(block)
        if (left > 0) return
        this.transport.unregisterProducer()
        this.#end()
      },
      stopProducing: () => {},
    }
  }

  #end(): void {
    if (this.#wishes.afterwards === 'end') this.transport.loseWriteConnection()
    else if (this.#wishes.afterwards === 'close') this.transport.loseConnection()
    else if (this.#wishes.afterwards === 'abort') this.transport.abortConnection()
  }
}

/** The same, told of each direction: when the other side has ended, it says `last` and closes. */
export class HalfCloseTalk extends Talk {
  readonly #last: Uint8Array

  constructor(wishes: Wishes & { readonly last: Uint8Array }, reports: Arrivals<OwnReport>) {
    super(wishes, reports)
    this.#last = wishes.last
  }

  readConnectionLost(): void {
    this.transport.write(this.#last)
    this.transport.loseConnection()
  }

  writeConnectionLost(): void {}
}

/** Builds conversations; their reports wait until somebody asks. */
export class Conversations<R = OwnReport> extends ClientFactory<Protocol> {
  /** What the conversations that are over have told. */
  readonly reports: Arrivals<R> = new Arrivals()
  readonly #make: (reports: Arrivals<R>) => Protocol

  constructor(make: (reports: Arrivals<R>) => Protocol) {
    super()
    this.#make = make
  }

  override buildProtocol(_address: IAddress): Protocol {
    return this.#make(this.reports)
  }
}
