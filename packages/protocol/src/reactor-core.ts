/**
 * A reactor as the main thing of a process, from `run()` to `stop()`.
 *
 * | state    | run()                 | stop()   | crash()           | during startup | turn over         | during shutdown | shutdown over     |
 * |----------|-----------------------|----------|-------------------|----------------|-------------------|-----------------|-------------------|
 * | idle     | starting              | throws   | -                 | -              | -                 | all is closed   | -                 |
 * | starting | ReactorAlreadyRunning | stopping | idle, run settles | running        | -                 | closing         | -                 |
 * | running  | ReactorAlreadyRunning | stopping | idle, run settles | -              | -                 | closing         | -                 |
 * | stopping | ReactorAlreadyRunning | throws   | over, run settles | -              | shutdown is fired | closing         | -                 |
 * | closing  | ReactorAlreadyRunning | throws   | over, run settles | -              | -                 | -               | over, run settles |
 * | over     | ReactorNotRestartable | throws   | -                 | -              | -                 | all is closed   | -                 |
 *
 * A start whose promises have not settled is given up by a stop. `run` settles when what was closed is closed, too.
 *
 * Source: Twisted, `twisted/internet/base.py`, `ReactorBase.startRunning`, `run`, `stop`, `crash`, `callWhenRunning`.
 * Differs: there is no loop to be run, so `run` yields a promise; signals are handled elsewhere.
 *
 * @module
 */
import type {
  ILog,
  IReactorCore,
  IReactorTime,
  ISystemEvents,
  Seconds,
  SystemEventPhase,
  SystemEventTrigger,
} from '@sennit/interfaces'
import { isThenable } from '@sennit/runtime/internal'
import { ConnectionLost } from './connection-errors.ts'
import {
  ReactorAlreadyRunning,
  ReactorNotRestartable,
  ReactorNotRunning,
  ReactorOptionError,
} from './errors.ts'
import { SystemEvents } from './system-events.ts'

/** Options of a `ReactorCore`. */
export interface ReactorCoreOptions {
  readonly clock: IReactorTime
  readonly log: ILog
  /** How long a shutdown waits for the promises of 'before'; `Infinity` for ever. */
  readonly shutdownTimeout: Seconds
  /** Calls at the end of this turn of the loop. */
  readonly soon: (call: () => void) => void
  /** Keeps the process alive, until what it yields is called. */
  readonly hold: () => () => void
  /** Closes the ports and connections that are left; what it yields never rejects. */
  readonly closeAll: (reason: Error) => void | Promise<void>
}

/** Runs a reactor, and fires its events. */
export class ReactorCore implements IReactorCore, ISystemEvents {
  readonly #options: ReactorCoreOptions
  readonly #events: SystemEvents
  #state: 'idle' | 'starting' | 'running' | 'stopping' | 'closing' | 'over' = 'idle'
  #running = false
  #settle: () => void = () => {}
  #closed: void | Promise<void> = undefined

  constructor(options: ReactorCoreOptions) {
    this.#options = options
    this.#events = new SystemEvents({
      ...options,
      during: (event) => this.#during(event),
      over: (event) => this.#over(event),
    })
  }

  get running(): boolean {
    return this.#running
  }

  // Not async: the events of the startup are called before it returns.
  run(): Promise<void> {
    if (this.#state === 'over') return Promise.reject(new ReactorNotRestartable())
    if (this.#state !== 'idle') return Promise.reject(new ReactorAlreadyRunning())
    this.#state = 'starting'
    const release = this.#options.hold()
    const ran = new Promise<void>((resolve) => {
      this.#settle = () => {
        release()
        resolve()
      }
    })
    this.#events.fireSystemEvent('startup')
    return ran
  }

  stop(): void {
    if (this.#state !== 'starting' && this.#state !== 'running') throw new ReactorNotRunning()
    this.#state = 'stopping'
    this.#options.soon(() => {
      if (this.#state !== 'stopping') return
      this.#events.abandon('startup')
      this.#events.fireSystemEvent('shutdown')
    })
  }

  crash(): void {
    if (this.#state === 'idle' || this.#state === 'over') return
    this.#state = this.#state === 'starting' || this.#state === 'running' ? 'idle' : 'over'
    this.#running = false
    this.#events.abandon('startup')
    this.#events.abandon('shutdown')
    this.#settle()
  }

  /** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) when `f` is no function */
  callWhenRunning<A extends readonly unknown[]>(
    f: (...args: A) => unknown,
    ...args: A
  ): SystemEventTrigger | undefined {
    if (!this.#running) return this.#events.addSystemEventTrigger('after', 'startup', f, ...args)
    if (typeof f !== 'function') throw new ReactorOptionError('call when running', 'f', 'a function', f)
    f(...args)
    return undefined
  }

  addSystemEventTrigger<A extends readonly unknown[]>(
    phase: SystemEventPhase,
    event: string,
    f: (...args: A) => unknown,
    ...args: A
  ): SystemEventTrigger {
    return this.#events.addSystemEventTrigger(phase, event, f, ...args)
  }

  removeSystemEventTrigger(trigger: SystemEventTrigger): void {
    this.#events.removeSystemEventTrigger(trigger)
  }

  fireSystemEvent(event: string): void {
    this.#events.fireSystemEvent(event)
  }

  #during(event: string): void {
    if (event === 'startup') {
      if (this.#state === 'starting') this.#state = 'running'
      // A stop takes effect at the end of the turn; until then it runs.
      if (this.#state === 'running' || this.#state === 'stopping') this.#running = true
    }
    if (event !== 'shutdown') return
    this.#running = false
    if (this.#state !== 'idle' && this.#state !== 'over') this.#state = 'closing'
    this.#closed = this.#options.closeAll(new ConnectionLost('the reactor was stopped'))
  }

  #over(event: string): void {
    if (event !== 'shutdown' || this.#state !== 'closing') return
    if (isThenable(this.#closed)) void this.#closed.then(() => this.#end())
    else this.#end()
  }

  #end(): void {
    if (this.#state !== 'closing') return
    this.#state = 'over'
    this.#settle()
  }
}
