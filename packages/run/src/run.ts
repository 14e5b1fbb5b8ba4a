/**
 * Runs an application until it is told to stop.
 *
 * | state    | signal                      | failure or uncaught error | done                              |
 * |----------|-----------------------------|---------------------------|-----------------------------------|
 * | starting | stopping, code 0            | stopping, code 1          | settling in for `readyDelay`      |
 * | settling | stopping, code 0            | stopping, code 1          | ready                             |
 * | ready    | draining, code 0            | stopping, code 1          | -                                 |
 * | draining | the same within 0.5 s: none | stopping, code 1          | stopping                          |
 * |          | later: exit at once         |                           |                                   |
 * | stopping | as above                    | code 1                    | over                              |
 *
 * Source: Twisted, `twisted/application/app.py`, `twisted/application/runner/_runner.py`.
 * Differs: a stop after a signal ends with code 0; a second signal forces the end; a start and a stop have deadlines; a failed start is
 * undone and ends with code 1; load balancers and the service manager are told.
 *
 * @module
 */
import type {
  IDelayedCall,
  ILog,
  IObservable,
  IProcess,
  IReactorTime,
  IReactorUNIXDatagram,
  IReadinessControl,
  IService,
  IServiceContext,
  Seconds,
} from '@sennit/interfaces'
import { getReactor } from '@sennit/reactor'
import { defaultLog, hasRole, systemClock } from '@sennit/runtime'
import { asError, tell } from '@sennit/runtime/internal'
import { keepsAlive, watchForEnd } from './leftovers.ts'
import { Notifier, PATIENCE } from './notifier.ts'
import { takeNotifySettings } from './notify-socket.ts'
import { notifyTransport } from './notify-transport.ts'
import { dropPrivileges } from './privileges.ts'
import { watchProcess } from './process-watch.ts'
import type { IProgram } from './program.ts'
import { ReactorDrive } from './reactor-drive.ts'
import type { RunOptions } from './run-options.ts'
import { type Plan, planOf } from './run-plan.ts'
import { Services } from './services.ts'

/** The longest delay that one timer of the platform can hold. */
const FOR_LONG: Seconds = 2 ** 31 / 1000 - 1

/** A reactor may take so long to stop: its own shutdown waits 8 s, unless it was made otherwise. */
const REACTOR_PATIENCE: Seconds = 10

/** A process that is still there so long after the end of its application is worth a word. */
const LINGERING: Seconds = 5

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
 * @throws RunOptionError (`ERR_SENNIT_RUN_OPTION`) when `application` or a companion is no service, or the umask none
 * @throws DurationError (`ERR_SENNIT_DURATION`) when a length of time is no duration
 * @returns the exit code, after the stop: 0, or 1 when something failed; `process.exitCode` is set to it. The process ends when nothing
 *   keeps it alive any more.
 * @example
 * ```ts
 * await run(new Application('web', {}, [service('tcp:8080', httpFactory(server))]))
 * ```
 */
export function run(application: IService, options: RunOptions = {}): Promise<number> {
  const plan = planOf(application, options)
  return new Promise((resolve) => new Run(application, options, plan, resolve).start())
}

class Run {
  readonly #application: IService & Partial<IReadinessControl>
  readonly #services: Services
  readonly #options: RunOptions
  readonly #plan: Plan
  readonly #process: IProgram
  readonly #clock: IReactorTime
  readonly #done: (code: number) => void
  readonly #drive: ReactorDrive
  readonly #notifier: Notifier | undefined
  readonly #undo: (() => void)[] = []
  #state: 'starting' | 'settling' | 'ready' | 'draining' | 'stopping' | 'over' = 'starting'
  #code = 0
  #hold: IDelayedCall | undefined
  /** The end of the delay that runs. */
  #delay: IDelayedCall | undefined
  #stopped: Promise<void> | undefined

  constructor(application: IService, options: RunOptions, plan: Plan, done: (code: number) => void) {
    this.#application = application
    this.#options = options
    this.#plan = plan
    this.#process = options.process ?? process
    this.#clock = options.clock ?? systemClock
    this.#done = done
    this.#services = new Services(application, options.companions ?? [], this.#clock)
    const reactor = this.#reactor()
    this.#drive = new ReactorDrive(reactor, () => this.#stopByReactor())
    this.#notifier = this.#makeNotifier(reactor)
  }

  start(): void {
    this.#listen()
    this.#holdOn()
    this.#application.withholdReady?.()
    this.#notifier?.status('starting')
    void this.#start()
  }

  async #start(): Promise<void> {
    const { startTimeout, umask, readyDelay } = this.#plan
    try {
      const { processName, uid, gid } = this.#application as IService & Partial<IProcess>
      if (processName !== undefined) this.#process.title = processName
      if (umask !== undefined) this.#process.umask?.(umask)
      await this.#services.privilegedStart(startTimeout)
      if (this.#state !== 'starting') return
      dropPrivileges(this.#process, { uid: this.#options.uid ?? uid, gid: this.#options.gid ?? gid })
      await this.#services.start(startTimeout)
    } catch (error) {
      // A start that was stopped is no failure.
      if (this.#state === 'starting') this.#fail(asError(error), 'start')
      return
    }
    if (this.#state !== 'starting') return
    this.#state = 'settling'
    this.#drive.begin()
    this.#after(readyDelay, () => this.#ready())
  }

  #ready(): void {
    this.#state = 'ready'
    this.#application.allowReady?.()
    this.#notifier?.ready()
    try {
      this.#options.onReady?.()
    } catch (error) {
      this.#fail(asError(error), 'run')
    }
  }

  /** Begins to stop: who sends work is told first; what comes of a start that is under way is undone by the application. */
  #stop(): void {
    if (this.#state !== 'ready') return void this.#finish()
    const { drainDelay } = this.#plan
    this.#state = 'draining'
    this.#application.withholdReady?.()
    this.#notifier?.stopping(drainDelay > 0 ? 'draining' : 'stopping')
    this.#after(drainDelay, () => void this.#finish())
  }

  /** Somebody else stops the reactor, which waits for the services, and for nothing else. */
  #stopByReactor(): Promise<void> {
    return this.#finish()
  }

  /** Stops all; settles when they have. Somebody may ask for it again inside the stop of a service. */
  #finish(): Promise<void> {
    if (this.#stopped === undefined) {
      let settle = (): void => {}
      this.#stopped = new Promise((resolve) => {
        settle = resolve
      })
      void this.#stopServices().then(settle)
    }
    return this.#stopped
  }

  async #stopServices(): Promise<void> {
    if (this.#state !== 'draining') this.#notifier?.stopping('stopping')
    this.#state = 'stopping'
    this.#delay?.cancel()
    this.#delay = undefined
    this.#application.withholdReady?.()
    try {
      await this.#services.stop(this.#plan.stopTimeout)
    } catch (error) {
      this.#fail(this.#explained(asError(error)), 'stop')
    }
    void this.#end()
  }

  async #end(): Promise<void> {
    if (!(await this.#within(this.#drive.end(), Math.max(this.#plan.stopTimeout, REACTOR_PATIENCE)))) {
      const resources = keepsAlive(this.#process).join(', ')
      this.#fail(new Error(`The reactor has not stopped; the process is kept alive by ${resources}`), 'stop')
    }
    if (this.#notifier !== undefined) await this.#within(this.#notifier.close(), PATIENCE)
    this.#state = 'over'
    this.#hold?.cancel()
    for (const undo of this.#undo) undo()
    this.#application.allowReady?.()
    this.#process.exitCode = this.#code
    if (this.#process === process) watchForEnd(this.#process, () => this.#log, LINGERING)
    this.#done(this.#code)
  }

  #fail(error: Error, during: 'start' | 'run' | 'stop'): void {
    this.#code = 1
    this.#notifier?.status(`failed: ${error.message}`)
    try {
      if (this.#options.onError !== undefined) this.#options.onError(error, during)
      else tell(this.#log, 'error', { err: error }, MESSAGES[during])
    } catch (err) {
      tell(this.#log, 'error', { err, failure: error }, 'Who is told of errors threw')
    }
    void this.#finish()
  }

  /** Who is late is named already; what is left of them keeps the process alive. */
  #explained(error: Error): Error {
    if (!isLate(error)) return error
    const resources = keepsAlive(this.#process)
    if (resources.length > 0) error.message += `; the process is kept alive by ${resources.join(', ')}`
    return error
  }

  #listen(): void {
    const { signals = ['SIGINT', 'SIGTERM'], signal } = this.#options
    this.#undo.push(
      watchProcess(this.#process, signals, {
        clock: this.#clock,
        log: () => this.#log,
        what: 'The application',
        stop: () => this.#stop(),
        fail: (error) => this.#fail(error, 'run'),
      }),
    )
    for (const service of this.#services.all) {
      if (!hasRole<IObservable>(service, ['onStateChange'])) continue
      this.#undo.push(
        service.onStateChange((state) => {
          if (state === 'failed') this.#failed(service)
        }),
      )
    }
    if (signal !== undefined) {
      const stop = (): void => this.#stop()
      signal.addEventListener('abort', stop)
      this.#undo.push(() => signal.removeEventListener('abort', stop))
      if (signal.aborted) queueMicrotask(stop)
    }
    if (this.#plan.for !== undefined) {
      const call = this.#clock.callLater(this.#plan.for, () => this.#stop())
      this.#undo.push(() => {
        if (call.active()) call.cancel()
      })
    }
  }

  /** A failure after the start; what fails during the start or the stop is told by these. */
  #failed(service: IObservable): void {
    if (this.#state !== 'settling' && this.#state !== 'ready' && this.#state !== 'draining') return
    this.#fail(service.lastError ?? new Error('A service failed'), 'run')
  }

  /** Keeps the process alive until the stop is over, also when nothing else does. */
  #holdOn(): void {
    this.#hold = this.#clock.callLater(FOR_LONG, () => this.#holdOn())
  }

  #after(delay: Seconds, then: () => void): void {
    if (delay === 0) return then()
    this.#delay = this.#clock.callLater(delay, () => {
      this.#delay = undefined
      then()
    })
  }

  #makeNotifier(reactor: unknown): Notifier | undefined {
    const { env, pid } = this.#process
    if (env === undefined || this.#options.systemd === false) return undefined
    const settings = takeNotifySettings(env, pid)
    if (settings === undefined) return undefined
    const sender = hasRole<IReactorUNIXDatagram>(reactor, ['connectUNIXDatagram']) ? reactor : undefined
    const makeTransport = notifyTransport(sender)
    return new Notifier({ settings, makeTransport, clock: this.#clock, log: () => this.#log })
  }

  /** Whether something has settled in time; the end does not wait for ever. */
  #within(work: Promise<unknown>, timeout: Seconds): Promise<boolean> {
    return new Promise((resolve) => {
      const late = this.#clock.callLater(timeout, () => resolve(false))
      const settle = (): void => {
        if (late.active()) late.cancel()
        resolve(true)
      }
      work.then(settle, settle)
    })
  }

  /** The reactor of the application; that of the process, unless this is a run on another clock. */
  #reactor(): unknown {
    const own = this.#context?.reactor
    if (own !== undefined && own !== systemClock) return own
    return this.#options.clock === undefined ? getReactor() : own
  }

  get #context(): IServiceContext | undefined {
    return (this.#application as IService & { readonly context?: IServiceContext }).context
  }

  get #log(): ILog {
    return this.#options.log ?? this.#context?.log ?? defaultLog
  }
}

/** Whether a deadline has passed, of one service or of several. */
function isLate(error: Error & { readonly code?: string; readonly errors?: readonly Error[] }): boolean {
  const { code, errors = [] } = error
  return code === 'ERR_SENNIT_STOP_TIMEOUT' || code === 'ERR_SENNIT_TIMEOUT' || errors.some(isLate)
}
