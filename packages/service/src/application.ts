/**
 * The root of a program's services.
 *
 * Source: Twisted, `twisted/application/service.py`, `Application`.
 * Differs: it is itself the collection and the process settings; its reactor, clock, log and randomness are inherited by
 * all below it.
 *
 * @module
 */
import type {
  ILog,
  IProcess,
  IReactorTime,
  IReadiness,
  IReadinessControl,
  IService,
} from '@sennit/interfaces'
import { asError } from '@sennit/runtime/internal'
import { ReactorInUseError, ServiceOptionError } from './errors.ts'
import { MultiService, type MultiServiceOptions } from './multi-service.ts'
import { Process, type ProcessOptions } from './process.ts'
import { Readiness } from './readiness.ts'
import { lifecycleOf } from './service.ts'
import { checkClock, checkLog } from './settings.ts'

/** Options of an `Application`. */
export interface ApplicationOptions extends Omit<MultiServiceOptions, 'name'>, ProcessOptions {}

/**
 * The root of a program's services.
 *
 * @example
 * ```ts
 * const app = new Application('api', { stopTimeout: '10s' }, [database, server])
 * ```
 */
export class Application extends MultiService implements IProcess, IReadiness, IReadinessControl {
  readonly #process: Process
  readonly #readiness: Readiness

  /**
   * @throws ServiceOptionError (`ERR_SENNIT_SERVICE_OPTION`) when an option is not what it must be
   * @throws DuplicateServiceError (`ERR_SENNIT_DUPLICATE_SERVICE`) when two children have the same name
   */
  constructor(name: string, options: ApplicationOptions = {}, children: Iterable<IService> = []) {
    if (typeof name !== 'string')
      throw new ServiceOptionError('make an application', 'name', 'a string', name)
    super({ ...options, name }, children)
    this.#process = new Process(options)
    const life = lifecycleOf(this)!
    this.#readiness = new Readiness(
      () => life.state === 'running',
      (thrown) => life.report(asError(thrown), 'A listener of readiness threw'),
    )
    life.listen(() => this.#readiness.update())
  }

  /** Whether new work may be sent: it is running, and readiness is not withheld. */
  get ready(): boolean {
    return this.#readiness.ready
  }

  /**
   * Tells a listener each change of `ready`.
   *
   * @returns a function that takes the listener away
   */
  onReadyChange(listener: (ready: boolean) => void): () => void {
    return this.#readiness.onReadyChange(listener)
  }

  /** Is not ready from now on, although it runs: for a runner that lets load balancers know before it stops. */
  withholdReady(): void {
    this.#readiness.withholdReady()
  }

  /** Is ready again whenever it runs. */
  allowReady(): void {
    this.#readiness.allowReady()
  }

  /** The user to become after the privileged start: a number or a name. */
  get uid(): number | string | undefined {
    return this.#process.uid
  }

  /** The group to become after the privileged start: a number or a name. */
  get gid(): number | string | undefined {
    return this.#process.gid
  }

  /** A name for the process. */
  get processName(): string | undefined {
    return this.#process.processName
  }

  /** What the services below it connect, listen and wait with, unless they have one of their own. */
  get reactor(): IReactorTime {
    return this.context.reactor
  }

  /**
   * Gives the whole program another reactor, such as a simulated world; time is its own unless a `clock` was given.
   *
   * @throws ReactorInUseError (`ERR_SENNIT_REACTOR_IN_USE`) unless the application is stopped
   * @throws ServiceOptionError (`ERR_SENNIT_SERVICE_OPTION`) when it cannot tell the time; further roles are asked for
   * by whoever needs them
   */
  set reactor(reactor: IReactorTime) {
    const life = lifecycleOf(this)!
    if (life.active) throw new ReactorInUseError(this.path, this.state)
    checkClock('reactor', reactor)
    life.settings = { ...life.settings, own: { ...life.settings?.own, reactor } }
  }

  /** Where events of the whole program are written, unless a service has a log of its own. */
  get log(): ILog {
    return this.context.log
  }

  /**
   * Gives the whole program another log; from the next start on.
   *
   * @throws ServiceOptionError (`ERR_SENNIT_SERVICE_OPTION`) when it is no log
   */
  set log(log: ILog) {
    const life = lifecycleOf(this)!
    checkLog(log)
    life.settings = { ...life.settings, own: { ...life.settings?.own, log } }
  }
}
