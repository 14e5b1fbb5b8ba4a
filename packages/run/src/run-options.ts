/**
 * Options of `run`.
 *
 * @module
 */
import type { Duration, ILog, IReactorTime, IService } from '@sennit/interfaces'
import type { IProgram } from './program.ts'

/** Options of `run`. */
export interface RunOptions {
  /** The signals that stop the application. @defaultValue ['SIGINT', 'SIGTERM'] */
  readonly signals?: readonly NodeJS.Signals[] | undefined
  /** How long the start may take, privileged or not. @defaultValue the application's own, else '30s' */
  readonly startTimeout?: Duration | undefined
  /** How long the whole stop may take. @defaultValue the application's own, else '8s' */
  readonly stopTimeout?: Duration | undefined
  /** How long after its start the application is said to be ready. @defaultValue 0 */
  readonly readyDelay?: Duration | undefined
  /** How long before its stop the application is said not to be ready, so that no new work is sent to it. @defaultValue 0 */
  readonly drainDelay?: Duration | undefined
  /** Stops the application by itself after so long. @defaultValue never */
  readonly for?: Duration | undefined
  /** Stops the application as a signal of the system would. */
  readonly signal?: AbortSignal | undefined
  /** Services that are started before the application and stopped after it, such as a status page. @defaultValue none */
  readonly companions?: readonly IService[] | undefined
  /** The permissions that files made from now on do not have: a number, or octal digits. @defaultValue as it is */
  readonly umask?: number | string | undefined
  /** The user to become after the privileged start: a number or a name. @defaultValue the application's */
  readonly uid?: number | string | undefined
  /** The group to become after the privileged start: a number or a name. @defaultValue the application's, else that user's own */
  readonly gid?: number | string | undefined
  /** Whether a service manager that set `NOTIFY_SOCKET` is told what goes on. @defaultValue true */
  readonly systemd?: boolean | undefined
  /** Told when the application is ready. */
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
