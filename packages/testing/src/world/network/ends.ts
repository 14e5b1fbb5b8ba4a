/**
 * Where the two ends of a simulated connection are.
 *
 * @module
 */
import type { IAddress } from '@sennit/interfaces'
import { internetAddress, UNIXAddress } from '@sennit/protocol'

/** The addresses of one end; made when they are asked for. */
export interface Ends {
  /** The address of this side. */
  host(): IAddress
  /** The address of the other side. */
  peer(): IAddress
  /** Whether the other side is told that it did not get all, when this one is cut. */
  readonly resets: boolean
}

/** A literal and a port. */
export interface Spot {
  readonly address: string
  readonly port: number
}

/** An end of a TCP connection. */
export class TCPEnds implements Ends {
  readonly resets = true
  readonly #here: Spot
  readonly #there: Spot

  constructor(here: Spot, there: Spot) {
    this.#here = here
    this.#there = there
  }

  host(): IAddress {
    return internetAddress('TCP', this.#here.address, this.#here.port)
  }

  peer(): IAddress {
    return internetAddress('TCP', this.#there.address, this.#there.port)
  }
}

/** An end of a connection over a UNIX socket; a client's has no path. */
export class UNIXEnds implements Ends {
  readonly resets = false
  readonly #here: string
  readonly #there: string

  constructor(here: string, there: string) {
    this.#here = here
    this.#there = there
  }

  host(): UNIXAddress {
    return new UNIXAddress(this.#here)
  }

  peer(): UNIXAddress {
    return new UNIXAddress(this.#there)
  }
}
