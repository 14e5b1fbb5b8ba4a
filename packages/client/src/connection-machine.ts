/**
 * Keeps one connection up. The rows are what can happen, the columns the states; "same" changes nothing, "-" cannot
 * happen: `Attempt` drops what comes late, so that only the attempt or connection that counts can report here.
 *
 * |                 | idle       | connecting     | waiting     | connected      | disconnecting | restarting    | stopped    | failed        |
 * |-----------------|------------|----------------|-------------|----------------|---------------|---------------|------------|---------------|
 * | start           | connecting | same           | same        | same           | restarting    | same          | connecting | connecting(1) |
 * | stop            | stopped    | disconnecting: | stopped(2)  | disconnecting: | same          | disconnecting | same       | stopped(2)    |
 * |                 |            | attempt closed |             | attempt closed |               |               |            |               |
 * | rest            | stopped    | same           | same        | same           | same(3)       | same          | same(3)    | same          |
 * | established     | -          | connected      | -           | -              | -             | -             | -          | -             |
 * | attempt ended   | -          | waiting(4)     | -           | -              | -             | -             | -          | -             |
 * | connection lost | -          | -              | -           | waiting(4)     | -             | -             | -          | -             |
 * | time to retry,  | -, same    | -, same        | connecting  | -, same        | -, same       | -, same       | -, same    | -, same       |
 * | reconnectNow    |            |                | (5)         |                |               |               |            |               |
 * | left            | -          | -              | same(5)     | -              | stopped(6)    | connecting    | -          | same          |
 * | wait            | queued     | queued         | queued      | the connection | queued        | queued        | cancelled  | the error     |
 * |                 |            |                |             |                |               |               | (6)        |               |
 *
 * (1) Restarting while a rejected connection is still leaving.
 * (2) Disconnecting while a rejected connection is still leaving.
 * (3) Those who wait are cancelled: no start will come; while disconnecting, when that is over.
 * (4) Failed when the error is fatal, the failures are too many, or the policy gives up.
 * (5) While a rejected connection is still leaving, the attempt is due, and begins when that is gone.
 * (6) While the owner expects another start, those who wait keep waiting.
 *
 * **Source:** Twisted, `twisted/application/_client_service.py`, `_Core`, `makeMachine`.
 * **Differs:** what is rejected or given up is gone before the next attempt; every method may be called from every callback.
 *
 * @module
 */
import type { IConnectable, IContextSource, IDelayedCall, IServiceContext, Seconds } from '@sennit/interfaces'
import { CancelledError } from '@sennit/runtime'
import { tell } from '@sennit/runtime/internal'
import { Attempt, type AttemptConnectable, type AttemptOwner } from './attempt.ts'
import { attemptsAreHeard, tellAttempt, tellState } from './client-news.ts'
import { type ConnectionState, type ConnectionStateListener, StateListeners } from './connection-state.ts'
import { FailureRow } from './failure-row.ts'
import { nameOf } from './name-of.ts'
import type { ConnectionSettings } from './settings.ts'
import { type Waiter, Waiters } from './waiters.ts'

type State<T> =
  | { readonly name: 'idle' | 'disconnecting' | 'restarting' | 'stopped' }
  | { readonly name: 'connecting'; readonly attempt: Attempt<T> }
  | Waiting
  | { readonly name: 'connected'; readonly attempt: Attempt<T>; readonly value: T; readonly since: Seconds }
  | { readonly name: 'failed'; readonly error: Error }

/** Whom a machine serves: a service. */
export interface MachineOwner extends IContextSource {
  /** Whether another start is asked for, and comes when the present stop is complete, or in its turn. */
  readonly startExpected: boolean
  /** There will be no further attempt. */
  fail(error: Error): void
}

interface Waiting {
  readonly name: 'waiting'
  /** Nothing while the delay is being found out, and when the attempt is due. */
  timer: IDelayedCall | undefined
  /** The attempt waits only for the rejected connection to be gone. */
  due: boolean
}

const IDLE = { name: 'idle' } as const
const DISCONNECTING = { name: 'disconnecting' } as const
const RESTARTING = { name: 'restarting' } as const
const STOPPED = { name: 'stopped' } as const

/** Keeps one connection up: the synchronous core of `ConnectionService`. */
export class ConnectionMachine<T> implements AttemptOwner<T> {
  readonly connectable: AttemptConnectable<T>
  readonly settings: ConnectionSettings<T>
  /** How many attempts there have been. */
  attempts: number = 0
  /** How many connections have stood. */
  connections: number = 0
  readonly owner: MachineOwner
  #listeners: StateListeners | undefined
  #waiters: Waiters<T> | undefined
  #state: State<T> = IDLE
  /** What was given up or closed, and is not gone yet. Nothing is connected before it is. */
  #leaving: Attempt<T> | undefined
  #cause: Error | undefined
  /** When the attempt began, when somebody wanted to know. */
  #began: Seconds | undefined
  readonly #row: FailureRow
  /** Whether no start is to come after the stop that goes on. */
  #rests = false
  /** Those to tell that the stop is complete. */
  #stops: (() => void)[] | undefined

  constructor(connectable: IConnectable<T>, settings: ConnectionSettings<T>, owner: MachineOwner) {
    this.connectable = connectable
    this.settings = settings
    this.owner = owner
    this.#row = new FailureRow(settings)
  }

  get context(): IServiceContext {
    return this.owner.context
  }

  /** How many failures in a row there have been. */
  get failures(): number {
    const state = this.#state
    const { stableAfter } = this.settings
    if (state.name !== 'connected') return this.#row.count
    return this.context.clock.seconds() - state.since >= stableAfter ? 0 : this.#row.count
  }

  /** Those who wait for a connection. */
  get waiters(): Waiters<T> {
    return (this.#waiters ??= new Waiters())
  }

  /** The connection, while one stands. */
  get current(): T | undefined {
    return this.#state.name === 'connected' ? this.#state.value : undefined
  }

  /** A snapshot for people. */
  get state(): ConnectionState {
    const state = this.#state
    const timer = state.name === 'waiting' ? state.timer : undefined
    const isRestarting = state.name === 'disconnecting' && this.owner.startExpected
    return {
      name: isRestarting ? 'restarting' : state.name,
      cause: this.#cause,
      retryIn: timer === undefined ? undefined : Math.max(0, timer.getTime() - this.context.clock.seconds()),
      failures: this.failures,
    }
  }

  onChange(listener: ConnectionStateListener): () => void {
    this.#listeners ??= new StateListeners()
    return this.#listeners.add(listener)
  }

  start(): void {
    this.#rests = false
    switch (this.#state.name) {
      case 'idle':
      case 'stopped':
      case 'failed':
      case 'disconnecting':
      case 'restarting':
        this.#row.start(this.context.clock.seconds())
        if (this.#leaving === undefined) this.#connect()
        else this.#become(RESTARTING)
        break
      default:
    }
    this.#deliver()
  }

  /** The owner was asked for a start that comes when the stop is complete: that is a change of the state. */
  startAsked(): void {
    if (this.#state.name !== 'disconnecting' || !this.owner.startExpected) return
    this.#record()
    this.#deliver()
  }

  /** No start is expected any more: nobody shall wait for one. */
  rest(): void {
    switch (this.#state.name) {
      case 'idle':
        this.#become(STOPPED)
        this.#waiters?.cancelled()
        break
      case 'stopped':
        this.#waiters?.cancelled()
        break
      case 'disconnecting':
        this.#rests = true
        break
      default:
    }
    this.#deliver()
  }

  /** @param stopped - called once, when nothing is left; inside this call when nothing is left already */
  stop(stopped: () => void): void {
    const state = this.#state
    const attempt = state.name === 'connecting' || state.name === 'connected' ? state.attempt : undefined
    this.#endRow()
    if (state.name === 'waiting') state.timer?.cancel()
    if (attempt !== undefined && !attempt.isGone) this.#leaving = attempt
    this.#cause = undefined
    if (state.name === 'connecting') this.#tellAttempt('cancelled')
    this.#stops ??= []
    this.#stops.push(stopped)
    if (this.#leaving === undefined) this.#stopped()
    else {
      this.#become(DISCONNECTING)
      attempt?.close(new CancelledError('The client was stopped'))
    }
    this.#deliver()
  }

  /** Waits no longer for what is leaving: it is cut. */
  hurry(): void {
    this.#leaving?.hurry()
  }

  /** Skips the present delay; harmless when there is none. */
  reconnectNow(): void {
    if (this.#state.name !== 'waiting') return
    this.#state.timer?.cancel()
    this.retryDue(this.#state)
  }

  /**
   * Tells the waiter of the present connection, or of the next one, or that there will be none.
   *
   * @param after - how many connections the waiter has seen: it wants a later one
   */
  wait(waiter: Waiter<T>, after = 0): void {
    switch (this.#state.name) {
      case 'connected':
        if (this.connections > after) waiter.connected(this.#state.value)
        else this.waiters.add(waiter)
        break
      case 'stopped':
        if (this.owner.startExpected) this.waiters.add(waiter)
        else waiter.failed(new CancelledError('The client was stopped'))
        break
      case 'failed':
        waiter.failed(this.#state.error)
        break
      default:
        this.waiters.add(waiter)
    }
  }

  established(attempt: Attempt<T>, value: T): void {
    if (this.#state.name !== 'connecting' || this.#state.attempt !== attempt) return
    this.connections++
    this.#cause = undefined
    // A connection is stable at once unless it has to last for a while.
    const since = this.settings.stableAfter === 0 ? 0 : this.context.clock.seconds()
    this.#become({ name: 'connected', attempt, value, since })
    this.#tellAttempt('connected')
    this.#waiters?.connected(value)
    this.#deliver()
  }

  ended(attempt: Attempt<T>, reason: Error): void {
    if (this.#state.name !== 'connecting' || this.#state.attempt !== attempt) return
    if (!attempt.isGone) this.#leaving = attempt
    const impatient = this.#waiters?.takeImpatient()
    this.#retry(reason)
    this.#tellAttempt('failed', reason)
    for (const waiter of impatient ?? []) waiter.failed(reason)
    this.#deliver()
  }

  lost(attempt: Attempt<T>, reason: Error): void {
    if (this.#state.name !== 'connected' || this.#state.attempt !== attempt) return
    this.#endRow()
    this.#retry(reason)
    this.#deliver()
  }

  left(attempt: Attempt<T>): void {
    if (this.#leaving !== attempt) return
    this.#leaving = undefined
    const state = this.#state
    if (state.name === 'disconnecting') this.#stopped()
    else if (state.name === 'restarting') {
      const stops = this.#takeStops()
      this.#connect()
      for (const stopped of stops) stopped()
    } else if (state.name === 'waiting' && state.due) this.#connect()
    this.#deliver()
  }

  /** The delay is over. @internal */
  retryDue(state: Waiting): void {
    if (this.#state !== state) return
    state.timer = undefined
    if (this.#leaving === undefined) this.#connect()
    else state.due = true
    this.#deliver()
  }

  #connect(): void {
    const attempt = new Attempt<T>(this)
    this.attempts++
    this.#began = attemptsAreHeard() ? this.context.clock.seconds() : undefined
    this.#become({ name: 'connecting', attempt })
    attempt.connect()
  }

  #stopped(): void {
    const stops = this.#takeStops()
    this.#become(STOPPED)
    if (this.#rests || !this.owner.startExpected) this.#waiters?.cancelled()
    for (const stopped of stops) stopped()
  }

  /** Waits for another attempt, or gives up. What is asked here may call any method, so the state comes first. */
  #retry(cause: Error): void {
    const waiting: Waiting = { name: 'waiting', timer: undefined, due: false }
    const attempt = this.#row.add()
    this.#cause = cause
    this.#state = waiting
    const delay = this.#row.delay(cause, this.context)
    if (this.#state !== waiting) return
    if (delay === Infinity) {
      this.#giveUp(cause)
      return
    }
    waiting.timer = this.context.clock.callLater(delay, retryDue<T>, this, waiting)
    this.#record()
    tell(
      this.context.log,
      'info',
      { attempt, endpoint: nameOf(this.connectable), delay, err: cause },
      'Scheduling another attempt to connect',
    )
  }

  #giveUp(error: Error): void {
    const attempt = this.#row.count
    this.#row.giveUp()
    this.#become({ name: 'failed', error })
    this.#waiters?.failed(error)
    tell(
      this.context.log,
      'error',
      { attempt, endpoint: nameOf(this.connectable), err: error },
      'There will be no further attempt to connect',
    )
    this.owner.fail(error)
  }

  /** A connection that stands, and is stable, ends the row of failures. */
  #endRow(): void {
    if (this.#state.name === 'connected' && this.failures === 0) this.#row.clear(this.context.clock.seconds())
  }

  #takeStops(): readonly (() => void)[] {
    const stops = this.#stops ?? []
    this.#stops = undefined
    return stops
  }

  #become(state: State<T>): void {
    const { name } = this.#state
    this.#state = state
    if (state.name !== name) this.#record()
  }

  #record(): void {
    this.#listeners?.record(this.state)
    tellState(this, () => this.state)
  }

  /** Tells how the attempt has ended that is under way, when somebody wants to know. */
  #tellAttempt(outcome: 'connected' | 'failed' | 'cancelled', error?: Error): void {
    if (!attemptsAreHeard()) return
    const { failures } = this
    const took = this.#began === undefined ? undefined : this.context.clock.seconds() - this.#began
    tellAttempt(this, { outcome, failures, took, error })
  }

  #deliver(): void {
    this.#listeners?.deliver(this.context.log)
  }
}

/** The callback of every delay, so that an attempt needs no closure of its own. */
function retryDue<T>(machine: ConnectionMachine<T>, waiting: Waiting): void {
  machine.retryDue(waiting)
}
