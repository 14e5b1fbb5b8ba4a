/**
 * Errors of time, of cancelling and of missing roles.
 *
 * Source: Twisted, `twisted/internet/error.py`, `AlreadyCalled`, `AlreadyCancelled`; `twisted/internet/defer.py`, `CancelledError`.
 *
 * @module
 */
import type { Seconds } from '@sennit/interfaces'

/** A delayed call has run already. */
export class AlreadyCalled extends Error {
  override readonly name = 'AlreadyCalled'
  readonly code = 'ERR_SENNIT_ALREADY_CALLED'
  constructor() {
    super('Cannot change a delayed call: it has been called already')
  }
}

/** A delayed call was cancelled already. */
export class AlreadyCancelled extends Error {
  override readonly name = 'AlreadyCancelled'
  readonly code = 'ERR_SENNIT_ALREADY_CANCELLED'
  constructor() {
    super('Cannot change a delayed call: it has been cancelled already')
  }
}

/** What was waited for will not come, because somebody gave it up. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError'
  readonly code = 'ABORT_ERR'
  constructor(message = 'The operation was cancelled', options?: ErrorOptions) {
    super(message, options)
  }
}

/** Something took longer than it may. */
export class TimeoutError extends Error {
  override readonly name: string = 'TimeoutError'
  readonly code: string = 'ERR_SENNIT_TIMEOUT'
  /** How long it was allowed to take. */
  readonly timeout: Seconds
  constructor(what: string, timeout: Seconds) {
    super(`${what} took longer than ${timeout} s`)
    this.timeout = timeout
  }
}

/** A delay is not a number of seconds that can be waited for. */
export class DelayError extends RangeError {
  override readonly name = 'DelayError'
  readonly code = 'ERR_SENNIT_DELAY'
  constructor(delay: unknown) {
    super(`Cannot schedule a call: 'delay' must be a number of seconds, 0 or more, got ${String(delay)}`)
  }
}

/** A duration is neither a number of seconds nor a number with a unit. */
export class DurationError extends TypeError {
  override readonly name = 'DurationError'
  readonly code = 'ERR_SENNIT_DURATION'
  /** Where in the text the mistake begins, from 0; 0 when the value is no text. */
  readonly position: number
  constructor(option: string, value: unknown, position: number, wanted: string) {
    const shown = typeof value === 'string' ? JSON.stringify(value) : String(value)
    const where = typeof value === 'string' ? ` (position ${position})` : ''
    super(`Cannot read a duration: '${option}' must be ${wanted}, got ${shown}${where}`)
    this.position = position
  }
}

/** A reactor lacks a role that something needs. */
export class MissingRoleError extends TypeError {
  override readonly name = 'MissingRoleError'
  readonly code = 'ERR_SENNIT_MISSING_ROLE'
  /** The role, such as `'IReactorTCP'`. */
  readonly role: string
  constructor(role: string, members: readonly string[]) {
    super(`Cannot use the reactor: it must have the role ${role}, got one without ${members.join(', ')}`)
    this.role = role
  }
}
