/**
 * What a handler is given with a connection. Its signal and its addresses are made only when somebody reads them.
 *
 * @module
 */
import type { IAddress, IConnectionContext, ILog, IReactorTime } from '@sennit/interfaces'
import { CancelledError } from '@sennit/runtime'

/** What a context is made of. */
export interface ConnectionContextOptions {
  /** Finds the address of the other side. */
  readonly peer: () => IAddress
  /** Finds the address of this side. */
  readonly host: () => IAddress
  readonly clock: IReactorTime
  readonly log: ILog
}

/** The context of one connection. */
export class ConnectionContext implements IConnectionContext {
  readonly clock: IReactorTime
  readonly log: ILog
  readonly #options: ConnectionContextOptions
  #peer: IAddress | undefined
  #host: IAddress | undefined
  #controller: AbortController | undefined
  #reason: Error | undefined

  constructor(options: ConnectionContextOptions) {
    this.clock = options.clock
    this.log = options.log
    this.#options = options
  }

  get peer(): IAddress {
    return (this.#peer ??= this.#options.peer())
  }

  get host(): IAddress {
    return (this.#host ??= this.#options.host())
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#reason !== undefined) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  /** Aborts the signal, also one that is read later; calling it again is harmless. */
  abort(): void {
    if (this.#reason !== undefined) return
    this.#reason = new CancelledError('The listener stops')
    this.#controller?.abort(this.#reason)
  }

  /** Whether an error says no more than that the signal was aborted: its reason, or an error of Node's that it caused. */
  explains(error: unknown): boolean {
    if (this.#reason === undefined) return false
    return error === this.#reason || (error instanceof Error && error.cause === this.#reason)
  }
}
