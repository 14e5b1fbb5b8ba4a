/**
 * One attempt to connect, and the connection that comes of it. An owner has one that counts, and at most one more that
 * is leaving. Only the phases in which something can happen have a row; "-" is ignored.
 *
 * | phase       | value came       | connect failed | prepared    | prepare failed | lost            | close()          | time is over |
 * |-------------|------------------|----------------|-------------|----------------|-----------------|------------------|--------------|
 * | connecting  | preparing, or    | gone, ended    | -           | -              | gone, ended     | cancelling:      | cancelling,  |
 * |             | established      |                |             |                |                 | signal aborted   | ended        |
 * | preparing   | -                | -              | established | closing, ended | gone, ended     | closing          | closing,     |
 * |             |                  |                |             |                |                 |                  | ended        |
 * | established | -                | -              | -           | -              | gone, lost      | closing          | -            |
 * | cancelling  | closing          | gone, left     | -           | -              | gone, left      | -                | abandoned,   |
 * |             |                  |                |             |                |                 |                  | left         |
 * | closing     | -                | -              | -           | -              | gone, left      | -                | aborting     |
 * | aborting    | -                | -              | -           | -              | gone, left      | -                | gone, left   |
 * | abandoned   | gone: aborted    | gone           | -           | -              | gone            | -                | -            |
 * | gone        | aborted          | -              | -           | -              | -               | -                | -            |
 *
 * `hurry()` makes the time of cancelling and of closing be over at once, and is ignored otherwise.
 *
 * After the comma: what the owner is told. "ended": the attempt failed. "lost": the connection did. "left": what was
 * given up, or closed, is gone. The one timer of an attempt runs for connecting, preparing, or closing.
 *
 * @module
 */
import type {
  IConnectable,
  IConnectAttempt,
  IDelayedCall,
  IServiceContext,
  Seconds,
} from '@sennit/interfaces'
import { CancelledError, TimeoutError } from '@sennit/runtime'
import { asError, type Cancellation, type CancelListener, isThenable, tell } from '@sennit/runtime/internal'
import type { ProxyAttempt } from './reconnecting-protocol-proxy.ts'
import type { ConnectionSettings, PrepareContext } from './settings.ts'

/** May ask which attempt a connection came of, because the same value can be the result of several. */
export interface AttemptConnectable<T> extends IConnectable<T> {
  close(value: T, reason: Error, attempt?: IConnectAttempt): void
  abort(value: T, attempt?: IConnectAttempt): void
}

/** Whom an attempt tells what becomes of it. */
export interface AttemptOwner<T> {
  readonly connectable: AttemptConnectable<T>
  readonly settings: ConnectionSettings<T>
  readonly context: IServiceContext
  /** The connection stands, and is prepared. */
  established(attempt: Attempt<T>, value: T): void
  /** The attempt failed. When it is not gone yet, `left` tells later. */
  ended(attempt: Attempt<T>, reason: Error): void
  /** The connection was lost. */
  lost(attempt: Attempt<T>, reason: Error): void
  /** Nothing is left of it. */
  left(attempt: Attempt<T>): void
}

type Phase =
  | 'connecting'
  | 'preparing'
  | 'established'
  | 'cancelling'
  | 'closing'
  | 'aborting'
  | 'abandoned'
  | 'gone'

/** One attempt to connect, and the connection that comes of it. */
export class Attempt<T> implements IConnectAttempt, ProxyAttempt, Cancellation {
  /** Through what the connection is closed, for connectables that need it. */
  proxy: ProxyAttempt['proxy'] = undefined
  /** Told of what aborts the signal of the attempt, by an endpoint that does without one. */
  listener: CancelListener | undefined = undefined
  readonly #owner: AttemptOwner<T>
  #phase: Phase = 'connecting'
  #value: T | undefined
  #timer: IDelayedCall | undefined
  /** Made when somebody asks for a signal: first for the attempt, then another one for the connection. */
  #control: AbortController | undefined

  constructor(owner: AttemptOwner<T>) {
    this.#owner = owner
  }

  get context(): IServiceContext {
    return this.#owner.context
  }

  /** For `connect`: aborted when the result is no longer wanted. */
  get signal(): AbortSignal {
    return this.#signalDuring('connecting')
  }

  /** For `prepareConnection`: aborted when the connection is lost, or closed. */
  get connectionSignal(): AbortSignal {
    return this.#signalDuring('preparing')
  }

  get lost(): (reason: Error) => void {
    return (reason) => this.#lost(reason)
  }

  /** The connection; `undefined` while there is none. */
  get value(): T | undefined {
    return this.#value
  }

  /** Whether the result of `connect` is no longer wanted. */
  get isCancelled(): boolean {
    return this.#phase !== 'connecting'
  }

  get isGone(): boolean {
    return this.#phase === 'gone' || this.#phase === 'abandoned'
  }

  /** Begins. */
  connect(): void {
    const { connectable, settings } = this.#owner
    this.#setTimer(settings.connectTimeout)
    let result: T | Promise<T>
    try {
      result = connectable.connect(this)
    } catch (error) {
      this.#refused(asError(error))
      return
    }
    if (isThenable(result))
      result.then(
        (value) => this.#arrived(value as T),
        (error: unknown) => this.#refused(asError(error)),
      )
    else this.#arrived(result)
  }

  /** Gives the attempt up, or closes the connection; harmless when that has begun already. */
  close(reason: Error): void {
    switch (this.#phase) {
      case 'connecting':
        this.#phase = 'cancelling'
        this.#setTimer(this.#owner.settings.closeTimeout)
        this.#abortSignal(reason)
        break
      case 'preparing':
      case 'established':
        this.#phase = 'closing'
        this.#setTimer(this.#owner.settings.closeTimeout)
        this.#abortSignal(reason)
        this.#closeValue(reason)
        break
      default:
    }
  }

  /** Waits no longer for an attempt to be given up, or for a connection to close. */
  hurry(): void {
    if (this.#phase !== 'cancelling' && this.#phase !== 'closing') return
    this.#setTimer(Infinity)
    this.overdue()
  }

  #arrived(value: T): void {
    switch (this.#phase) {
      case 'connecting':
        this.#value = value
        this.#control = undefined
        this.#prepare(value)
        break
      case 'cancelling':
        this.#phase = 'closing'
        this.#value = value
        this.#setTimer(this.#owner.settings.closeTimeout)
        this.#closeValue(new CancelledError('The connection is no longer wanted'))
        break
      case 'abandoned':
      // The loss was told before there was a value.
      case 'gone':
        this.#phase = 'gone'
        this.#abort(value)
        break
      default:
    }
  }

  #refused(error: Error): void {
    switch (this.#phase) {
      case 'connecting':
        this.#leave()
        this.#owner.ended(this, error)
        break
      case 'cancelling':
        this.#leave()
        this.#owner.left(this)
        break
      case 'abandoned':
        this.#phase = 'gone'
        break
      default:
    }
  }

  #prepare(value: T): void {
    const { prepareConnection, prepareTimeout } = this.#owner.settings
    if (prepareConnection === undefined) {
      this.#established()
      return
    }
    this.#phase = 'preparing'
    let result: unknown
    try {
      result = prepareConnection(value, new Preparation(this))
    } catch (error) {
      this.#unprepared(asError(error))
      return
    }
    if (isThenable(result)) {
      if (this.#phase === 'preparing') this.#setTimer(prepareTimeout)
      result.then(
        () => this.#prepared(),
        (error: unknown) => this.#unprepared(asError(error)),
      )
    } else this.#prepared()
  }

  #prepared(): void {
    if (this.#phase === 'preparing') this.#established()
  }

  #unprepared(error: Error): void {
    if (this.#phase === 'preparing') this.#fail(error)
  }

  #established(): void {
    this.#phase = 'established'
    this.#setTimer(Infinity)
    this.#owner.established(this, this.#value as T)
  }

  #lost(reason: Error): void {
    switch (this.#phase) {
      case 'connecting':
      case 'preparing':
        this.#leave()
        this.#abortSignal(reason)
        this.#owner.ended(this, reason)
        break
      case 'established':
        this.#leave()
        this.#abortSignal(reason)
        this.#owner.lost(this, reason)
        break
      case 'cancelling':
      case 'closing':
      case 'aborting':
        this.#leave()
        this.#owner.left(this)
        break
      case 'abandoned':
        this.#phase = 'gone'
        break
      default:
    }
  }

  /** Gives up of its own accord, and begins to close first, so that the owner's listeners find that done. */
  #fail(error: Error): void {
    this.close(error)
    this.#owner.ended(this, error)
  }

  /** The time for the present phase is over. @internal */
  overdue(): void {
    const { settings, context } = this.#owner
    this.#timer = undefined
    switch (this.#phase) {
      case 'connecting':
        this.#fail(new TimeoutError('Connecting', settings.connectTimeout))
        break
      case 'preparing':
        this.#fail(new TimeoutError('Preparing the connection', settings.prepareTimeout))
        break
      case 'cancelling':
        this.#phase = 'abandoned'
        tell(
          context.log,
          'warn',
          { timeout: settings.closeTimeout },
          'An attempt to connect was not given up in time: what comes of it will be cut',
        )
        this.#owner.left(this)
        break
      case 'closing':
        this.#cut()
        break
      case 'aborting':
        tell(
          context.log,
          'warn',
          { timeout: settings.closeTimeout },
          'A connection was cut, but its loss was not reported in time: it counts as lost',
        )
        this.#lost(new CancelledError())
        break
      default:
    }
  }

  #closeValue(reason: Error): void {
    try {
      this.#owner.connectable.close(this.#value as T, reason, this)
    } catch (error) {
      tell(this.#owner.context.log, 'error', { err: error }, 'Closing a connection threw: it is cut')
      if (this.#phase === 'closing') this.#cut()
    }
  }

  #cut(): void {
    this.#phase = 'aborting'
    this.#setTimer(this.#owner.settings.closeTimeout)
    if (!this.#abort(this.#value as T)) this.#lost(new CancelledError())
  }

  #abort(value: T): boolean {
    try {
      this.#owner.connectable.abort(value, this)
      return true
    } catch (error) {
      tell(this.#owner.context.log, 'error', { err: error }, 'Cutting a connection threw: it counts as lost')
      return false
    }
  }

  #leave(): void {
    this.#phase = 'gone'
    this.#value = undefined
    this.#setTimer(Infinity)
  }

  #signalDuring(phase: 'connecting' | 'preparing'): AbortSignal {
    // Asked for when it is too late: a controller of its own, aborted at once.
    if (this.#phase !== phase && (phase === 'connecting' || this.#phase !== 'established'))
      return AbortSignal.abort(new CancelledError('The connection is no longer wanted'))
    this.#control ??= new AbortController()
    return this.#control.signal
  }

  #abortSignal(reason: Error): void {
    const control = this.#control
    this.#control = undefined
    control?.abort(reason)
    try {
      this.listener?.cancelled(reason)
    } catch (error) {
      tell(this.#owner.context.log, 'error', { err: error }, 'Giving up an attempt to connect threw')
    }
  }

  /** The one timer gets another time; `Infinity` means none. */
  #setTimer(seconds: Seconds): void {
    const timer = this.#timer
    this.#timer = undefined
    if (timer?.active()) timer.cancel()
    if (seconds !== Infinity) this.#timer = this.#owner.context.clock.callLater(seconds, overdue, this)
  }
}

/** What `prepareConnection` is given. */
class Preparation<T> implements PrepareContext {
  readonly #attempt: Attempt<T>

  constructor(attempt: Attempt<T>) {
    this.#attempt = attempt
  }

  get signal(): AbortSignal {
    return this.#attempt.connectionSignal
  }
}

/** The callback of every timer, so that an attempt needs no closure of its own. */
const overdue = (attempt: { overdue(): void }): void => attempt.overdue()
