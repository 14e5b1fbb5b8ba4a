/**
 * The options of a service, and what its hooks are given.
 *
 * @module
 */
import type {
  Duration,
  ILog,
  IReactorTime,
  IService,
  IServiceContext,
  Random,
  ServiceState,
} from '@sennit/interfaces'

/**
 * What becomes of a failure after the start: handed up to the parent, logged, or given to a function.
 */
export type FailurePolicy = 'propagate' | 'log' | ((error: Error, service: IService) => void)

/** Options of every service. */
export interface ServiceOptions {
  /** Names the service among its siblings, and in paths. @defaultValue none */
  readonly name?: string | undefined
  /** Time and whatever further roles the services below need. @defaultValue the parent's, else the global one */
  readonly reactor?: IReactorTime | undefined
  /** Time alone. @defaultValue the own reactor, else the parent's clock */
  readonly clock?: IReactorTime | undefined
  /** Where events are written. @defaultValue the parent's, else warnings and errors go to stderr */
  readonly log?: ILog | undefined
  /** The source of randomness. @defaultValue the parent's, else the process's */
  readonly random?: Random | undefined
  /** How long a start may take, privileged or not. @defaultValue none */
  readonly startTimeout?: Duration | undefined
  /** How long a stop may take; for a collection, the whole of it. @defaultValue none */
  readonly stopTimeout?: Duration | undefined
  /** What becomes of a failure of this service, or of one below it, after the start. @defaultValue 'propagate' */
  readonly onFailure?: FailurePolicy | undefined
}

/** What a hook is given. */
export interface HookContext {
  /** Aborted when the result is no longer wanted, or the time is over. */
  readonly signal: AbortSignal
  /** What the service inherited. */
  readonly context: IServiceContext
}

/** Is told the state that a service has entered. */
export type StateListener<S> = (state: ServiceState, service: S) => void
