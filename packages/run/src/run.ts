/**
 * Runs an application until it is told to stop.
 *
 * | state    | signal                      | failure or uncaught error | started | stopped  |
 * |----------|-----------------------------|---------------------------|---------|----------|
 * | starting | stopping, code 0            | stopping, code 1          | running | -        |
 * | running  | stopping, code 0            | stopping, code 1          | -       | -        |
 * | stopping | the same within 0.5 s: none | code 1                    | -       | over     |
 * |          | later: exit at once         |                           |         |          |
 *
 * Source: Twisted, `twisted/application/app.py`, `twisted/application/runner/_runner.py`.
 * Differs: a stop after a signal ends with code 0; a second signal forces the end; a start and a stop have deadlines; a failed start is
 * undone and ends with code 1.
 *
 * @module
 */
import type {
  Duration,
  IDeadlines,
  IDelayedCall,
  ILog,
  IObservable,
  IProcess,
  IReactorTime,
  IService,
  Seconds,
} from '@sennit/interfaces'
import { defaultLog, hasRole, systemClock, toSeconds } from '@sennit/runtime'
import { asError, bounded, isThenable } from '@sennit/runtime/internal'
import { RunOptionError } from './errors.ts'
import { dropPrivileges } from './privileges.ts'
import { type ProcessWatcher, watchProcess } from './process-watch.ts'
import type { IProgram } from './program.ts'

/** Options of `run`. */
export interface RunOptions {
  /** The signals that stop the application. @defaultValue ['SIGINT', 'SIGTERM'] */
  readonly signals?: readonly NodeJS.Signals[] | undefined
  /** How long the start may take, privileged or not. @defaultValue the application's own, else '30s' */
  readonly startTimeout?: Duration | undefined
  /** How long the whole stop may take. @defaultValue the application's own, else '8s' */
  readonly stopTimeout?: Duration | undefined
  /** Stops the application by itself after so long. @defaultValue never */
  readonly for?: Duration | undefined
  /** Stops the application as a signal of the system would. */
  readonly signal?: AbortSignal | undefined
  /** Told when the application has started. */
  readonly onReady?: (() => void) | undefined
  /** Told what made the exit code 1. @defaultValue logged */
  readonly onError?: ((error: Error, during: 'start' | 'run' | 'stop') => void) | undefined
  /** @defaultValue the application's, else warnings and errors go to stderr */
  readonly log?: ILog | undefined
  /** @defaultValue the system's */
  readonly clock?: IReactorTime | undefined
  /** @defaultValue Node's */
  readonly process?: IProgram | undefined
}

/** How much later than its deadline an application may say itself that it is late. */
const MOMENT: Seconds = 0.1

/** The longest delay that one timer of the platform can hold. */
const FOR_LONG: Seconds = 2 ** 31 / 1000 - 1

const MESSAGES = {
  start: 'The application could not start',
  run: 'The application failed: it is stopped',
  stop: 'The application could not stop well',
}

/**
 * Starts an application, and stops it at a signal, at an uncaught error or when it fails.
 *
 * The privileged start comes first, then the process becomes the user of the application (`uid`, `gid`), then the start.
 *
 * @throws RunOptionError (`ERR_SENNIT_RUN_OPTION`) when `application` is no service
 * @returns the exit code, after the stop: 0, or 1 when something failed; `process.exitCode` is set to it. The process ends when nothing
 *   keeps it alive any more.
 * @example
 * ```ts
 * await run(new Application('web', {}, [service('tcp:8080', httpFactory(server))]))
 * ```
 */
export function run(application: IService, options: RunOptions = {}): Promise<number> {
  if (!hasRole<IService>(application, ['privilegedStartService', 'startService', 'stopService'])) {
    throw new RunOptionError('application', 'a service', application)
  }
  return new Promise((resolve) => new Run(application, options, resolve).start())
}

class Run {
  readonly #application: IService
  readonly #options: RunOptions
  readonly #process: IProgram
  readonly #clock: IReactorTime
  readonly #done: (code: number) => void
  readonly #undo: (() => void)[] = []
  #state: 'starting' | 'running' | 'stopping' | 'over' = 'starting'
  #code = 0
  #hold: IDelayedCall | undefined

  constructor(application: IService, options: RunOptions, done: (code: number) => void) {
    this.#application = application
    this.#options = options
    this.#process = options.process ?? process
    this.#clock = options.clock ?? systemClock
    this.#done = done
  }

  start(): void {
    this.#listen()
    this.#holdOn()
    void this.#start()
  }

  async #start(): Promise<void> {
    const application = this.#application
    try {
      const { processName, uid, gid } = application as IService & Partial<IProcess>
      if (processName !== undefined) this.#process.title = processName
      const timeout = this.#deadline('startTimeout', 30)
      await this.#within(timeout, 'Starting', application.privilegedStartService({ timeout }))
      if (this.#state !== 'starting') return
      dropPrivileges(this.#process, { uid, gid })
      await this.#within(timeout, 'Starting', application.startService({ timeout }))
    } catch (error) {
      // A start that was stopped is no failure.
      if (this.#state === 'starting') this.#fail(asError(error), 'start')
      return
    }
    if (this.#state !== 'starting') return
    this.#state = 'running'
    this.#options.onReady?.()
  }

  /** Begins to stop; what comes of a start that is under way is undone by the application. */
  #stop(): void {
    if (this.#state === 'stopping' || this.#state === 'over') return
    this.#state = 'stopping'
    void this.#finish()
  }

  async #finish(): Promise<void> {
    try {
      const timeout = this.#deadline('stopTimeout', 8)
      await this.#within(timeout, 'Stopping', this.#application.stopService({ timeout }))
    } catch (error) {
      this.#fail(asError(error), 'stop')
    }
    this.#state = 'over'
    this.#hold?.cancel()
    for (const undo of this.#undo) undo()
    this.#process.exitCode = this.#code
    this.#done(this.#code)
  }

  #fail(error: Error, during: 'start' | 'run' | 'stop'): void {
    this.#code = 1
    try {
      if (this.#options.onError === undefined) this.#log.error({ err: error }, MESSAGES[during])
      else this.#options.onError(error, during)
    } finally {
      this.#stop()
    }
  }

  #listen(): void {
    const { signals = ['SIGINT', 'SIGTERM'], signal } = this.#options
    const watcher: ProcessWatcher = {
      clock: this.#clock,
      log: () => this.#log,
      what: 'The application',
      stop: () => this.#stop(),
      fail: (error) => this.#fail(error, 'run'),
    }
    this.#undo.push(watchProcess(this.#process, signals, watcher))

    const application = this.#application
    if (hasRole<IObservable>(application, ['onStateChange'])) {
      this.#undo.push(
        application.onStateChange((state) => {
          if (state === 'failed' && this.#state === 'running') this.#failed(application)
        }),
      )
    }
    if (signal !== undefined) {
      const stop = (): void => this.#stop()
      signal.addEventListener('abort', stop)
      this.#undo.push(() => signal.removeEventListener('abort', stop))
      if (signal.aborted) queueMicrotask(stop)
    }
    if (this.#options.for !== undefined) {
      const call = this.#clock.callLater(toSeconds(this.#options.for, 'for'), () => this.#stop())
      this.#undo.push(() => {
        if (call.active()) call.cancel()
      })
    }
  }

  #failed(application: IObservable): void {
    this.#fail(application.lastError ?? new Error('A service failed'), 'run')
  }

  /** Keeps the process alive until the stop is over, also when nothing else does. */
  #holdOn(): void {
    this.#hold = this.#clock.callLater(FOR_LONG, () => this.#holdOn())
  }

  /** Holds an application to a deadline that does not do so itself; one that does has a moment to say what is late. */
  #within(timeout: Seconds, doing: string, work: void | Promise<void>): void | Promise<void> {
    if (!isThenable(work)) return undefined
    const what = `${doing} '${this.#application.name ?? 'the application'}'`
    return bounded(work, { timeout: timeout + MOMENT }, this.#clock, what)
  }

  #deadline(which: keyof IDeadlines, otherwise: Seconds): Seconds {
    const option = this.#options[which]
    if (option !== undefined) return toSeconds(option, which)
    return (this.#application as IService & Partial<IDeadlines>)[which] ?? otherwise
  }

  get #log(): ILog {
    if (this.#options.log !== undefined) return this.#options.log
    return (
      (this.#application as IService & { readonly context?: { readonly log: ILog } }).context?.log ??
      defaultLog
    )
  }
}
