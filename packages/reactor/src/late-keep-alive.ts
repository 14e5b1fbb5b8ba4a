/**
 * Keep-alive for connections that have lasted a moment.
 *
 * Turning it on takes several calls of the system, a tenth of what a short connection costs, and none that ends within a
 * second can need it.
 *
 * @module
 */
import { Seats } from '@sennit/runtime/internal'

/** How old a connection is at most when its keep-alive is turned on, in milliseconds. */
const MOMENT = 1_000

/** What can be asked whether its peer is alive. */
export interface Probing {
  /** Its seat among the young; less than 0 when it has none. For `LateKeepAlive` alone. */
  youngSeat: number
  /** @param delay - the time until the first probe, in milliseconds */
  startProbing(delay: number): void
}

/** The young connections of one port. */
export class LateKeepAlive {
  readonly #delay: number
  #young = new Seats<Probing>()
  #isWaiting = false

  /**
   * @param delay - the time until the first probe, in milliseconds
   * @returns nothing when the delay is too short to lose a moment
   */
  static for(delay: number | undefined): LateKeepAlive | undefined {
    return delay === undefined || delay <= MOMENT ? undefined : new LateKeepAlive(delay)
  }

  private constructor(delay: number) {
    this.#delay = delay - MOMENT
  }

  add(connection: Probing): void {
    connection.youngSeat = this.#young.take(connection)
    // Of the platform, whatever clock the port was given: the system's probes run on real time as well.
    if (this.#isWaiting) return
    this.#isWaiting = true
    setTimeout(() => this.#start(), MOMENT).unref()
  }

  /** The connection is gone. */
  delete(connection: Probing): void {
    if (connection.youngSeat < 0) return
    this.#young.leave(connection.youngSeat)
    connection.youngSeat = -1
  }

  #start(): void {
    this.#isWaiting = false
    const grown = this.#young.present()
    this.#young = new Seats()
    for (const connection of grown) {
      connection.youngSeat = -1
      connection.startProbing(this.#delay)
    }
  }
}
