/**
 * Sennit's side of an exchange of datagrams, whatever they are sent over.
 *
 * @module
 */
import { DatagramProtocol } from '@sennit/protocol'
import { Arrivals } from './arrivals.ts'

/** A datagram that has come. */
export interface Arrived<A> {
  readonly datagram: Buffer
  readonly from: A
}

/** Keeps what comes, and may answer with its reverse. */
export class Datagrams<T, A> extends DatagramProtocol<T, A> {
  readonly arrivals: Arrivals<Arrived<A>> = new Arrivals()
  readonly #answer: ((transport: T, datagram: Uint8Array, from: A) => void) | undefined

  /** @param answer - sends a datagram back, if it is to be answered */
  constructor(answer?: (transport: T, datagram: Uint8Array, from: A) => void) {
    super()
    this.#answer = answer
  }

  override datagramReceived(datagram: Uint8Array, from: A): void {
    this.arrivals.put({ datagram: Buffer.from(datagram), from })
    this.#answer?.(this.transport, datagram.toReversed(), from)
  }
}
