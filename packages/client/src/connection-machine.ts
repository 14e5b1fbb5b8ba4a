/**
 * Keeps one connection up. The rows are what can happen, the columns the states; "same" changes nothing, "-" cannot
 * happen: `Attempt` drops what comes late, so that only the attempt or connection that counts can report here.
 *
 * |                 | idle       | connecting     | waiting     | connected      | disconnecting | restarting    | stopped    | failed        |
 * |-----------------|------------|----------------|-------------|----------------|---------------|---------------|------------|---------------|
 * | start           | connecting | same           | same        | same           | restarting    | same(1)       | connecting | connecting(2) |
 * | startExpected   | same       | same           | same        | same           | restarting    | same          | same       | same          |
 * | stop            | stopped    | disconnecting: | stopped(3)  | disconnecting: | same          | disconnecting | same       | stopped(3)    |
 * |                 |            | attempt closed |             | attempt closed |               | (1)           |            |               |
 * | established     | -          | connected      | -           | -              | -             | -             | -          | -             |
 * | attempt ended   | -          | waiting(4)     | -           | -              | -             | -             | -          | -             |
 * | connection lost | -          | -              | -           | waiting(4)     | -             | -             | -          | -             |
 * | time to retry,  | -, same    | -, same        | connecting  | -, same        | -, same       | -, same       | -, same    | -, same       |
 * | reconnectNow    |            |                | (5)         |                |               |               |            |               |
 * | left            | -          | -              | same(5)     | -              | stopped       | connecting(6) | -          | same          |
 * | wait            | queued     | queued         | queued      | the connection | queued        | queued        | cancelled  | the error     |
 *
 * (1) When the old connection is gone already and only the expected start is awaited: connecting, stopped.
 * (2) Restarting while a rejected connection is still leaving.
 * (3) Disconnecting while a rejected connection is still leaving.
 * (4) Failed when the error is fatal, the failures are too many, or the policy gives up.
 * (5) While a rejected connection is still leaving, the attempt is due, and begins when that is gone.
 * (6) Same, when the start was only expected so far.
 *
 * **Source:** Twisted, `twisted/application/_client_service.py`, `_Core`, `makeMachine`.
 * **Differs:** what is rejected or given up is gone before the next attempt; every method may be called from every callback.
 *
 * @module
 */
import type { IConnectable, IContextSource, IDelayedCall, IServiceContext, Seconds } from '@sennit/interfaces'
import { CancelledError } from '@sennit/runtime'
import { Attempt, type AttemptConnectable, type AttemptOwner } from './attempt.ts'
import { type ConnectionState, type ConnectionStateListener, StateListeners } from './connection-state.ts'
import { nameOf } from './name-of.ts'
import { type ConnectionSettings, defaultRetryPolicy } from './settings.ts'
import { type Waiter, Waiters } from './waiters.ts'

type State<T> =
  | { readonly name: 'idle' | 'disconnecting' | 'stopped' }
  // Whether the start has come, or is only expected.
  | { readonly name: 'restarting'; readonly started: boolean }
  | { readonly name: 'connecting'; readonly attempt: Attempt<T> }
  | Waiting
  | { readonly name: 'connected'; readonly attempt: Attempt<T>; readonly value: T; readonly since: Seconds }
  | { readonly name: 'failed'; readonly error: Error }

/** Whom a machine serves: a service. */
export interface MachineOwner extends IContextSource {
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
const RESTARTING = { name: 'restarting', started: true } as const
const START_EXPECTED = { name: 'restarting', started: false } as const
const STOPPED = { name: 'stopped' } as const

/** Keeps one connection up: the synchronous core of `ConnectionService`. */
export class ConnectionMachine<T> implements AttemptOwner<T> {
  readonly connectable: AttemptConnectable<T>
  readonly settings: ConnectionSettings<T>
  /** How many attempts there have been. */
  attempts: number = 0
  /** How many connections have stood. */
  connections: number = 0
  readonly #owner: MachineOwner
  #listeners: StateListeners | undefined
  #waiters: Waiters<T> | undefined
  #state: State<T> = IDLE
  /** What was given up or closed, and is not gone yet. Nothing is connected before it is. */
  #leaving: Attempt<T> | undefined
  #cause: Error | undefined
  /** A stop and a start do not set it back. */
  #failures = 0
  /** How many of them were before the present start: these are not too many. */
  #earlierFailures = 0
  /** Those to tell that the stop is complete. */
  #stops: (() => void)[] | undefined

  constructor(connectable: IConnectable<T>, settings: ConnectionSettings<T>, owner: MachineOwner) {
    this.connectable = connectable
    this.settings = settings
    this.#owner = owner
  }

  get context(): IServiceContext {
    return this.#owner.context
  }

  /** How many failures in a row there have been. */
  get failures(): number {
    const state = this.#state
    const { stableAfter } = this.settings
    if (state.name !== 'connected') return this.#failures
    return this.context.clock.seconds() - state.since >= stableAfter ? 0 : this.#failures
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
    return {
      name: state.name,
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
    switch (this.#state.name) {
      case 'idle':
      case 'stopped':
      case 'failed':
      case 'disconnecting':
      case 'restarting':
        this.#earlierFailures = this.#failures
        if (this.#leaving === undefined) this.#connect()
        else this.#become(RESTARTING)
        break
      default:
    }
    this.#deliver()
  }

  /** A start will come as soon as the stop is complete: those who wait keep waiting. */
  startExpected(): void {
    if (this.#state.name === 'disconnecting') this.#become(START_EXPECTED)
    this.#deliver()
  }

  /** @param stopped - called once, when nothing is left; inside this call when nothing is left already */
  stop(stopped: () => void): void {
    const state = this.#state
    const attempt = state.name === 'connecting' || state.name === 'connected' ? state.attempt : undefined
    this.#failures = this.failures
    if (state.name === 'waiting') state.timer?.cancel()
    if (attempt !== undefined && !attempt.isGone) this.#leaving = attempt
    this.#cause = undefined
    this.#stops ??= []
    this.#stops.push(stopped)
    if (this.#leaving === undefined) this.#stopped()
    else {
      this.#become(DISCONNECTING)
      attempt?.close(new CancelledError('The client was stopped'))
    }
    this.#deliver()
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
        waiter.failed(new CancelledError('The client was stopped'))
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
    this.#waiters?.connected(value)
    this.#deliver()
  }

  ended(attempt: Attempt<T>, reason: Error): void {
    if (this.#state.name !== 'connecting' || this.#state.attempt !== attempt) return
    if (!attempt.isGone) this.#leaving = attempt
    const impatient = this.#waiters?.takeImpatient()
    this.#retry(reason)
    for (const waiter of impatient ?? []) waiter.failed(reason)
    this.#deliver()
  }

  lost(attempt: Attempt<T>, reason: Error): void {
    if (this.#state.name !== 'connected' || this.#state.attempt !== attempt) return
    this.#failures = this.failures
    if (this.#failures === 0) this.#earlierFailures = 0
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
      if (state.started) this.#connect()
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
    this.#become({ name: 'connecting', attempt })
    attempt.connect()
  }

  #stopped(): void {
    const stops = this.#takeStops()
    this.#become(STOPPED)
    this.#waiters?.cancelled()
    for (const stopped of stops) stopped()
  }

  /** Waits for another attempt, or gives up. What is asked here may call any method, so the state comes first. */
  #retry(cause: Error): void {
    const waiting: Waiting = { name: 'waiting', timer: undefined, due: false }
    const failures = ++this.#failures
    this.#cause = cause
    this.#state = waiting
    const delay = this.#isFatal(cause) ? Infinity : this.#delay(failures)
    if (this.#state !== waiting) return
    if (delay === Infinity) {
      this.#giveUp(cause)
      return
    }
    waiting.timer = this.context.clock.callLater(delay, retryDue<T>, this, waiting)
    this.#record()
    this.context.log.info(
      { attempt: failures, endpoint: nameOf(this.connectable), delay, err: cause },
      'Scheduling another attempt to connect',
    )
  }

  #giveUp(error: Error): void {
    const failures = this.#failures
    this.#become({ name: 'failed', error })
    this.#waiters?.failed(error)
    this.context.log.error(
      { attempt: failures, endpoint: nameOf(this.connectable), err: error },
      'There will be no further attempt to connect',
    )
    this.#owner.fail(error)
  }

  #isFatal(error: Error): boolean {
    const { isFatal, maxFailures } = this.settings
    if (maxFailures !== undefined && this.#failures - this.#earlierFailures >= maxFailures) return true
    try {
      return isFatal?.(error, this.#failures) === true
    } catch (thrown) {
      this.context.log.error({ err: thrown }, "'isFatal' threw: the error counts as not fatal")
      return false
    }
  }

  #delay(failures: number): Seconds {
    const { log, random } = this.context
    const { retryPolicy } = this.settings
    try {
      const delay = retryPolicy(failures, random)
      if (typeof delay === 'number' && delay >= 0) return delay
      log.error(
        { delay, attempt: failures },
        'The retry policy yielded what is no delay: the default is used',
      )
    } catch (error) {
      log.error({ err: error, attempt: failures }, 'The retry policy threw: the default is used')
    }
    return defaultRetryPolicy(failures, random)
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
  }

  #deliver(): void {
    this.#listeners?.deliver(this.context.log)
  }
}

/** The callback of every delay, so that an attempt needs no closure of its own. */
function retryDue<T>(machine: ConnectionMachine<T>, waiting: Waiting): void {
  machine.retryDue(waiting)
}
