/**
 * The errors of a tree of services.
 *
 * @module
 */
import type { Seconds } from '@sennit/interfaces'
import { CancelledError, TimeoutError } from '@sennit/runtime'

/** A service of a collection did not start; the message begins with its path. */
export class ServiceStartError extends Error {
  override readonly name = 'ServiceStartError'
  /** The code of the cause, else `'ERR_SENNIT_START'`. */
  readonly code: string
  /** The path of the service, such as `'app/db'`. */
  readonly path: string
  constructor(path: string, cause: Error) {
    super(`${path}: ${cause.message}`, { cause })
    this.code = codeOf(cause) ?? 'ERR_SENNIT_START'
    this.path = path
  }
}

/** A service of a collection did not stop well; the message begins with its path. */
export class ServiceStopError extends Error {
  override readonly name = 'ServiceStopError'
  /** The code of the cause, else `'ERR_SENNIT_STOP'`. */
  readonly code: string
  /** The path of the service, such as `'app/db'`. */
  readonly path: string
  constructor(path: string, cause: Error) {
    super(`${path}: ${cause.message}`, { cause })
    this.code = codeOf(cause) ?? 'ERR_SENNIT_STOP'
    this.path = path
  }
}

/** Some services of a collection did not stop well; `errors` has one for each of them, in the order of stopping. */
export class ServiceStopErrors extends AggregateError {
  override readonly name = 'ServiceStopErrors'
  readonly code = 'ERR_SENNIT_STOP'
  /** The path of the collection. */
  readonly path: string
  constructor(path: string, errors: readonly Error[]) {
    super(errors, `Cannot stop '${path}' well: ${errors.map((error) => error.message).join('; ')}`)
    this.path = path
  }
}

/** A service took longer to start than it may. */
export class StartTimeoutError extends TimeoutError {
  override readonly name = 'StartTimeoutError'
  override readonly code = 'ERR_SENNIT_START_TIMEOUT'
  /** The path of the service, such as `'app/db'`. */
  readonly path: string
  /** The paths of the services below it that had not finished. */
  readonly pending: readonly string[]
  constructor(path: string, timeout: Seconds, pending: readonly string[] = []) {
    super(`Starting '${path}'`, timeout)
    this.path = path
    this.pending = pending
    if (pending.length > 0) this.message += `: ${quoted(pending)} had not started`
  }
}

/** A service took longer to stop than it may. */
export class StopTimeoutError extends TimeoutError {
  override readonly name = 'StopTimeoutError'
  override readonly code = 'ERR_SENNIT_STOP_TIMEOUT'
  /** The path of the service, such as `'app/db'`. */
  readonly path: string
  /** The paths of the services below it that had not finished. */
  readonly pending: readonly string[]
  constructor(path: string, timeout: Seconds, pending: readonly string[] = [], cause?: Error) {
    super(`Stopping '${path}'`, timeout)
    this.path = path
    this.pending = pending
    if (pending.length > 0) this.message += `: ${quoted(pending)} had not stopped`
    if (cause !== undefined) this.cause = cause
  }
}

/** A service that has a parent cannot be named. */
export class ServiceNameError extends Error {
  override readonly name = 'ServiceNameError'
  readonly code = 'ERR_SENNIT_SERVICE_NAME'
  constructor(path: string, wanted: string) {
    super(`Cannot name '${path}' '${wanted}': a service is named while it has no parent`)
  }
}

/** A collection has such a service already. */
export class DuplicateServiceError extends Error {
  override readonly name = 'DuplicateServiceError'
  readonly code = 'ERR_SENNIT_DUPLICATE_SERVICE'
  /** The name, if the service has one. */
  readonly service: string | undefined
  constructor(path: string, name: string | undefined) {
    const what = name === undefined ? 'this service' : `a service named '${name}'`
    super(`Cannot add a service to '${path}': it has ${what} already`)
    this.service = name
  }
}

/** A collection has no such service. */
export class UnknownServiceError extends Error {
  override readonly name = 'UnknownServiceError'
  readonly code = 'ERR_SENNIT_UNKNOWN_SERVICE'
  /** The name, if the service has one. */
  readonly service: string | undefined
  constructor(path: string, name: string | undefined) {
    super(`Cannot find ${name === undefined ? 'the service' : `'${name}'`}: '${path}' has no such service`)
    this.service = name
  }
}

/** Something cannot be the parent of a service. */
export class ServiceParentError extends TypeError {
  override readonly name = 'ServiceParentError'
  readonly code = 'ERR_SENNIT_SERVICE_PARENT'
  constructor(wanted: string, got: string) {
    super(`Cannot set the parent of a service: 'parent' must be ${wanted}, got ${got}`)
  }
}

/** An option of a service is not what it must be. */
export class ServiceOptionError extends TypeError {
  override readonly name = 'ServiceOptionError'
  readonly code = 'ERR_SENNIT_SERVICE_OPTION'
  /** The name of the option. */
  readonly option: string
  constructor(action: string, option: string, wanted: string, got: unknown) {
    super(`Cannot ${action}: '${option}' must be ${wanted}, got ${shown(got)}`)
    this.option = option
  }
}

/** The reactor of an application cannot be changed now. */
export class ReactorInUseError extends Error {
  override readonly name = 'ReactorInUseError'
  readonly code = 'ERR_SENNIT_REACTOR_IN_USE'
  constructor(path: string, state: string) {
    super(`Cannot set the reactor of '${path}': it must be stopped, got one that is ${state}`)
  }
}

/** A resource was disposed of, and nothing makes another. */
export class DisposedError extends Error {
  override readonly name = 'DisposedError'
  readonly code = 'ERR_SENNIT_DISPOSED'
  constructor(path: string) {
    super(`Cannot start '${path}': its resource is disposed of, and only a factory can make another`)
  }
}

/** A service was asked where it listens while it does not. */
export class ServiceNotListeningError extends Error {
  override readonly name = 'ServiceNotListeningError'
  readonly code = 'ERR_SENNIT_NOT_LISTENING'
  constructor() {
    super('Cannot say where the service listens: it does not listen now')
  }
}

/** A module does not make services. */
export class ServiceMakerError extends TypeError {
  override readonly name = 'ServiceMakerError'
  readonly code = 'ERR_SENNIT_SERVICE_MAKER'
  constructor(maker: string, got: unknown) {
    super(`Cannot make '${maker}': 'makeService' must be a function of its module, got ${shown(got)}`)
  }
}

/** Whoever has a path; it is asked for it only when that is needed. */
interface Located {
  readonly path: string
}

/** What a start rejects with that was given up. */
export function cancelledStart({ path }: Located): CancelledError {
  return new CancelledError(`Starting '${path}' was cancelled`)
}

/** The error of a start below a collection, with the path of the service in front, once. */
export function locateStart(service: Located, error: Error): Error {
  return error instanceof ServiceStartError || error instanceof StartTimeoutError
    ? error
    : new ServiceStartError(service.path, error)
}

/** The errors of a stop below a collection, each with the path of its service in front, once. */
export function locateStop(service: Located, error: Error): readonly Error[] {
  if (error instanceof ServiceStopErrors) return error.errors as Error[]
  if (error instanceof ServiceStopError || error instanceof StopTimeoutError) return [error]
  return [new ServiceStopError(service.path, error)]
}

function codeOf(error: Error): string | undefined {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : undefined
}

function quoted(paths: readonly string[]): string {
  return paths.map((path) => `'${path}'`).join(', ')
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
