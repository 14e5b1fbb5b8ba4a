/**
 * One direction of a connection between two machines: what is put in comes out later, in order.
 *
 * Each item makes one arrival, at which the oldest that is under way comes out.
 *
 * @module
 */
import type { Random, Seconds } from '@sennit/interfaces'
import type { NetworkTime } from '../time/network-time.ts'
import type { Machine } from './machine.ts'

/** What a wire needs to know of the network. */
export interface WireNetwork {
  readonly time: NetworkTime
  /** Whether nothing gets through between two machines. */
  isCut(one: Machine, other: Machine): boolean
  /** Remembers a wire on which something waits until the machines can talk again. */
  hold(wire: { release(): void }): void
  /** How long something travels. */
  delay(random: Random): Seconds
}

/** Carries items to a receiver. */
export class Wire<T> {
  /** What is called with each item; it must not throw. */
  receive: (item: T) => void
  readonly #network: WireNetwork
  readonly #from: Machine
  readonly #to: Machine
  readonly #random: Random
  /** What is under way, first in, first out. */
  readonly #items: T[] = []
  /** How many items have arrived at a cut. */
  #held = 0

  constructor(network: WireNetwork, from: Machine, to: Machine, random: Random, receive: (item: T) => void) {
    this.#network = network
    this.#from = from
    this.#to = to
    this.#random = random
    this.receive = receive
  }

  send(item: T): void {
    this.#items.push(item)
    this.#schedule()
  }

  /** Lets what was held go on. */
  release(): void {
    for (; this.#held > 0; this.#held--) this.#schedule()
  }

  #schedule(): void {
    this.#network.time.after(this.#network.delay(this.#random), this.#arrive)
  }

  readonly #arrive = (): void => {
    if (this.#network.isCut(this.#from, this.#to)) {
      if (this.#held++ === 0) this.#network.hold(this)
    } else this.receive(this.#items.shift()!)
  }
}
