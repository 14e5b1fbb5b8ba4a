/**
 * Finds out that nothing has happened for too long, and closes a connection for it.
 *
 * | state   | set       | touch          | the time is over                 | close   | stop |
 * |---------|-----------|----------------|----------------------------------|---------|------|
 * | off     | running   | -              | -                                | closing | -    |
 * | running | anew      | counted anew   | looked again one turn later, off | closing | off  |
 * | closing | -         | -              | the connection is aborted, off   | -       | off  |
 *
 * @module
 */
import type { IAbortableTransport, IDelayedCall, IReactorTime, ITransport, Seconds } from '@sennit/interfaces'
import { ConnectionLost } from './connection-errors.ts'

/** How long a connection that was closed may take to send the rest, before it is cut. */
const GRACE: Seconds = 5

/** What a timeout closes. */
export type Closable = ITransport & IAbortableTransport

/**
 * Calls `expired` once when nothing was touched for the time that was set.
 *
 * When the time is over it lets one turn pass and looks again: after a stall of the loop, data may lie in the socket that nobody
 * could read.
 */
export class ConnectionTimeout {
  readonly #expired: () => void
  #clock: IReactorTime | undefined
  #period: Seconds = Infinity
  #last: Seconds = 0
  #timer: IDelayedCall | undefined
  #closing = false

  constructor(expired: () => void) {
    this.#expired = expired
  }

  /** Begins anew; `Infinity` for no timeout. */
  set(clock: IReactorTime, period: Seconds): void {
    if (this.#closing) return
    this.stop()
    this.#period = period
    if (period === Infinity) return
    this.#clock = clock
    this.#last = clock.seconds()
    this.#timer = clock.callLater(period, check, this, false)
  }

  /** Something has happened. */
  touch(): void {
    if (this.#timer !== undefined) this.#last = this.#clock!.seconds()
  }

  /** Closes a connection; one that will not close, because the other side takes nothing, is aborted a little later. */
  close(clock: IReactorTime, transport: Closable): void {
    if (this.#closing) return
    this.stop()
    this.#closing = true
    this.#timer = clock.callLater(GRACE, () => {
      this.#timer = undefined
      transport.abortConnection(
        new ConnectionLost(`nothing happened for ${this.#period} s`, { code: 'ERR_SENNIT_IDLE' }),
      )
    })
    transport.loseConnection()
  }

  stop(): void {
    if (this.#timer?.active()) this.#timer.cancel()
    this.#timer = undefined
    this.#closing = false
  }

  /** @internal */
  check(again: boolean): void {
    const clock = this.#clock!
    const left = this.#last + this.#period - clock.seconds()
    if (left > 0) this.#timer = clock.callLater(left, check, this, false)
    else if (!again) this.#timer = clock.callLater(0, check, this, true)
    else {
      this.#timer = undefined
      this.#expired()
    }
  }
}

const check = (timeout: ConnectionTimeout, again: boolean): void => timeout.check(again)
