/**
 * Roles of a service, of a collection of services, and of what a service inherits.
 *
 * Source: Twisted, `twisted/application/service.py`, `IService`, `IServiceCollection`, `IProcess`.
 * Differs: start and stop may be asynchronous, and are given a signal.
 *
 * @module
 */
import type { ILog } from './log.ts'
import type { Random } from './random.ts'
import type { Duration, IReactorTime, Seconds } from './time.ts'

/** What a service takes from the nearest ancestor that has it, else from the process. */
export interface IServiceContext {
  /** Has further roles, such as `IReactorTCP`; whoever needs one asks for it. */
  readonly reactor: IReactorTime
  readonly clock: IReactorTime
  readonly log: ILog
  readonly random: Random
}

/** Where a service is in its life. */
export type ServiceState = 'idle' | 'starting' | 'running' | 'stopping' | 'stopped' | 'failed'

/** Options of a start or a stop. */
export interface TransitionOptions {
  /** Start: gives it up, and stops what had started. Stop: gives up waiting for it, not the stop itself. */
  readonly signal?: AbortSignal | undefined
  /** How long it may take; none when absent. */
  readonly timeout?: Duration | undefined
}

/** Something that can be started and stopped. */
export interface IService {
  readonly name: string | undefined
  readonly running: boolean
  readonly parent: IServiceCollection | undefined
  /** Names the service; only while it has no parent. */
  setName(name: string): void
  /** Moves the service under a parent; started at once when that runs. */
  setServiceParent(parent: IServiceCollection): void | Promise<void>
  /** Takes the service away from its parent; stopped when it was started. */
  disownServiceParent(): void | Promise<void>
  /** Does what needs privileges, such as binding a low port, before `startService`. */
  privilegedStartService(options?: TransitionOptions): void | Promise<void>
  startService(options?: TransitionOptions): void | Promise<void>
  stopService(options?: TransitionOptions): void | Promise<void>
}

/** Services that are started and stopped together. Iteration yields them in the order in which they were added. */
export interface IServiceCollection extends Iterable<IService> {
  /** @throws UnknownServiceError */
  getServiceNamed(name: string): IService
  /** For `setServiceParent`: takes the service in, and starts it when the collection runs. */
  addService(service: IService): void | Promise<void>
  /** For `disownServiceParent`: takes the service out, and stops it when it was started. */
  removeService(service: IService): void | Promise<void>
}

/** A parent from which its children inherit. */
export interface IContextSource {
  /** What a child inherits. */
  readonly context: IServiceContext
}

/** A parent that wants to know when a child fails after its start. */
export interface IFailureHandler {
  /** A child, or one below it, has failed. */
  childFailed(child: IService, error: Error): void
}

/** A service that has deadlines of its own, in seconds. */
export interface IDeadlines {
  /** How long its start may take; none when `undefined`. */
  readonly startTimeout: Seconds | undefined
  /** How long its stop may take; none when `undefined`. */
  readonly stopTimeout: Seconds | undefined
}

/** A service that tells its state, and when it changes. */
export interface IObservable {
  readonly state: ServiceState
  /** The error that made the state `'failed'`, or the last one before. */
  readonly lastError: Error | undefined
  /** Calls `listener` with each new state until the returned function is called. */
  onStateChange(listener: (state: ServiceState) => void): () => void
}

/** What the operating system is to see of an application. */
export interface IProcess {
  /** A name for the process. */
  readonly processName: string | undefined
  /** The user to become after the privileged start: a number or a name. */
  readonly uid: number | string | undefined
  /** The group to become after the privileged start: a number or a name. */
  readonly gid: number | string | undefined
}
