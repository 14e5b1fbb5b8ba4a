/**
 * Timeouts that a protocol sets for itself.
 *
 * Source: Twisted, `twisted/protocols/policies.py`, `TimeoutMixin`.
 * Differs: it is a function that extends a class; the clock is that of the connection; the end of the connection ends the timeout;
 * a connection that does not close when its time is over is aborted.
 *
 * @module
 */
import type { Duration, IStreamTransport, Seconds } from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'
import { ConnectionTimeout } from './connection-timeout.ts'
import { guardedCall } from './guarded-call.ts'
import type { Protocol } from './protocol.ts'
import { clockOf, logOf } from './situation.ts'

/** What `TimeoutMixin` adds to a protocol. */
export interface Timeouts {
  /** The timeout that is set, in seconds; `Infinity` when there is none. */
  readonly timeOut: Seconds
  /**
   * Sets a timeout, or takes it away. When nothing calls `resetTimeout` for so long, `timeoutConnection` is called, once.
   *
   * @param period - counts from now, before the connection stands from then; `undefined` for no timeout
   * @returns what was set before
   * @throws DurationError (`ERR_SENNIT_DURATION`) when it is no duration
   */
  setTimeout(period: Duration | undefined): Seconds
  /** The time begins anew; harmless when there is no timeout. */
  resetTimeout(): void
  /** The time is over: closes the connection, unless overridden, and aborts it when it takes more than five seconds to close. */
  timeoutConnection(): void
}

// oxlint-disable-next-line typescript/no-explicit-any -- what the language asks for in a mixin
type Constructor<T> = abstract new (...args: any[]) => T

/**
 * Extends a class of protocols by timeouts.
 *
 * @param Base - a class of protocols, such as `LineReceiver`
 * @example
 * ```ts
 * class Login extends TimeoutMixin(LineReceiver) {
 *   override connectionMade() {
 *     this.setTimeout('30s')
 *   }
 *   override lineReceived(line: Buffer) {
 *     this.resetTimeout()
 *   }
 * }
 * ```
 */
export function TimeoutMixin<B extends Constructor<Protocol>>(Base: B): B & Constructor<Timeouts> {
  abstract class WithTimeout extends Base implements Timeouts {
    readonly #timeout: ConnectionTimeout = new ConnectionTimeout(() => {
      const { transport } = this
      guardedCall(() => this.timeoutConnection(), 'timeoutConnection', transport, logOf(transport))
    })
    #period: Seconds = Infinity

    get timeOut(): Seconds {
      return this.#period
    }

    setTimeout(period: Duration | undefined): Seconds {
      const before = this.#period
      this.#period = period === undefined ? Infinity : toSeconds(period, 'period')
      if (this.connected) this.#timeout.set(clockOf(this.transport), this.#period)
      return before
    }

    resetTimeout(): void {
      this.#timeout.touch()
    }

    timeoutConnection(): void {
      this.#timeout.close(clockOf(this.transport), this.transport)
    }

    override makeConnection(transport: IStreamTransport): void {
      this.#timeout.set(clockOf(transport), this.#period)
      super.makeConnection(transport)
    }

    override connectionLost(reason: Error): void {
      this.#timeout.stop()
      super.connectionLost(reason)
    }
  }
  return WithTimeout
}
