/**
 * The live connections of one port: how many there may be, and how they end when the port stops.
 *
 * | state    | add              | delete, the last one    | handler has drained | deadline                 | closeAll              |
 * |----------|------------------|-------------------------|---------------------|--------------------------|-----------------------|
 * | open     | kept             | -                       | -                   | -                        | the rest closed, cut  |
 * | draining | kept, told       | drained, if handler has | drained, if empty   | the rest aborted, cut    | the rest closed, cut  |
 * | cut      | kept, aborted    | drained                 | -                   | drained two turns later  | the rest closed       |
 * | drained  | kept, aborted    | -                       | -                   | -                        | -                     |
 *
 * @module
 */
import type {
  ConnectionHandler,
  ICountedTransport,
  IDelayedCall,
  IDrain,
  ILog,
  IReactorTime,
  Seconds,
} from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { isThenable, Seats } from '@sennit/runtime/internal'

/** One accepted connection, as its port sees it. What it does not count counts as nothing. */
export interface ServedConnection extends Partial<ICountedTransport> {
  /** Its seat in the set; less than 0 when it is in none. For the set alone. */
  seat: number
  /** The port stops: finish, then close. */
  requestStop(): void
  /** Close now; what is left is dropped. */
  abort(): void
  /** The same, for another reason. */
  closeNow?(reason: Error): void
}

/** Options of a `ConnectionSet`. */
export interface ConnectionSetOptions {
  /** Asked to drain as well when it has the role `IDrain`. */
  readonly handler: ConnectionHandler
  readonly clock: IReactorTime
  readonly log: ILog
  /** How many connections there may be at once. @defaultValue Infinity */
  readonly maxConnections?: number | undefined
  /** Whether `drain()` does anything. @defaultValue true */
  readonly drain?: boolean | undefined
  /** How long a drain may take before what is left is aborted. @defaultValue 5 */
  readonly drainTimeout?: Seconds | undefined
}

/** Closing a real socket takes up to two turns of the loop after it was aborted. */
const TURNS_TO_CLOSE = 2

/** The live connections of one port. */
export class ConnectionSet {
  /** How many connections were added, ever. */
  accepted = 0
  /** How many were refused: the set was full, or nobody would serve them. */
  refused = 0
  readonly #options: ConnectionSetOptions
  readonly #max: number
  readonly #connections = new Seats<ServedConnection>()
  /** What has come and gone over those that are gone. */
  readonly #before = { bytesRead: 0, bytesWritten: 0 }
  #state: 'open' | 'draining' | 'cut' | 'drained' = 'open'
  #handlerDrained = false
  #timer: IDelayedCall | undefined
  #drained: Promise<void> | undefined
  #resolve: () => void = () => {}

  constructor(options: ConnectionSetOptions) {
    this.#options = options
    this.#max = options.maxConnections ?? Infinity
  }

  /** How many connections there are. */
  get size(): number {
    return this.#connections.size
  }

  /** How many bytes have come and gone over all connections, those that are gone included. */
  get counted(): ICountedTransport {
    let { bytesRead, bytesWritten } = this.#before
    for (const connection of this.#connections.present()) {
      bytesRead += connection.bytesRead ?? 0
      bytesWritten += connection.bytesWritten ?? 0
    }
    return { bytesRead, bytesWritten }
  }

  /** Whether one more connection may come in; one that may not is counted as refused. */
  admit(): boolean {
    if (this.#connections.size < this.#max) return true
    this.refused++
    return false
  }

  /** Takes a connection in; one that comes during a drain is told at once. */
  add(connection: ServedConnection): void {
    this.accepted++
    connection.seat = this.#connections.take(connection)
    if (this.#state === 'draining') this.#tell(connection)
    else if (this.#state !== 'open') this.#cut(connection)
  }

  /** Takes a connection out, because it is gone; harmless when it is not in the set. */
  delete(connection: ServedConnection): void {
    if (connection.seat >= 0) {
      this.#connections.leave(connection.seat)
      connection.seat = -1
      this.#before.bytesRead += connection.bytesRead ?? 0
      this.#before.bytesWritten += connection.bytesWritten ?? 0
    }
    this.#settleIfDone()
  }

  /**
   * Tells each connection, and the handler when it has the role `IDrain`, that the port stops; what is left after the
   * drain's timeout is aborted. Calling it again joins.
   *
   * @returns settles when none is left, a little after the timeout at the latest, and never rejects; nothing when there
   *   is nothing to wait for
   */
  drain(): Promise<void> | undefined {
    if (this.#options.drain === false) return undefined
    if (this.#state === 'open') this.#begin()
    return this.#isDrained() ? undefined : this.#drained
  }

  /**
   * Closes all of them now, also those that `drain` would leave alone.
   *
   * @returns as `drain` does
   */
  closeAll(reason: Error): Promise<void> | undefined {
    if (this.#state === 'drained') return undefined
    this.#drained ??= this.#settling()
    this.#state = 'cut'
    for (const connection of this.#connections.present()) this.#cut(connection, reason)
    this.#waitTurns(TURNS_TO_CLOSE)
    return this.#isDrained() ? undefined : this.#drained
  }

  // Asked for by a call, since what the connections were told may have changed the state meanwhile.
  #isDrained(): boolean {
    return this.#state === 'drained'
  }

  #begin(): void {
    const { clock, drainTimeout = 5 } = this.#options
    this.#state = 'draining'
    this.#drained = this.#settling()
    if (drainTimeout !== Infinity) this.#timer = clock.callLater(drainTimeout, () => this.#deadline())
    this.#drainHandler(drainTimeout)
    for (const connection of this.#connections.present()) this.#tell(connection)
    this.#settleIfDone()
  }

  #settling(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  #drainHandler(timeout: Seconds): void {
    const { handler } = this.#options
    const drained = () => {
      this.#handlerDrained = true
      this.#settleIfDone()
    }
    if (!hasRole<IDrain>(handler, ['drain'])) return drained()
    try {
      const result = handler.drain(timeout)
      if (!isThenable(result)) return drained()
      result.then(drained, (error: unknown) => {
        this.#failed(error, 'A handler could not drain')
        drained()
      })
    } catch (error) {
      this.#failed(error, 'A handler could not drain')
      drained()
    }
  }

  #tell(connection: ServedConnection): void {
    try {
      connection.requestStop()
    } catch (error) {
      this.#failed(error, 'A connection could not be told to stop')
    }
  }

  #cut(connection: ServedConnection, reason?: Error): void {
    try {
      if (reason !== undefined && connection.closeNow !== undefined) connection.closeNow(reason)
      else connection.abort()
    } catch (error) {
      this.#failed(error, 'A connection could not be aborted')
    }
  }

  #deadline(): void {
    const { log } = this.#options
    this.#state = 'cut'
    if (this.size > 0) log.warn({ connections: this.size }, 'Connections were aborted at the end of a drain')
    for (const connection of this.#connections.present()) this.#cut(connection)
    this.#waitTurns(TURNS_TO_CLOSE)
  }

  #waitTurns(turns: number): void {
    if (this.#state === 'drained') return
    if (this.#timer?.active()) this.#timer.cancel()
    if (turns === 0 || this.size === 0) this.#settle()
    else this.#timer = this.#options.clock.callLater(0, () => this.#waitTurns(turns - 1))
  }

  #settleIfDone(): void {
    if (this.size > 0) return
    if (this.#state === 'cut' || (this.#state === 'draining' && this.#handlerDrained)) this.#settle()
  }

  #settle(): void {
    this.#state = 'drained'
    if (this.#timer?.active()) this.#timer.cancel()
    this.#resolve()
  }

  #failed(error: unknown, message: string): void {
    this.#options.log.error({ err: error }, message)
  }
}
