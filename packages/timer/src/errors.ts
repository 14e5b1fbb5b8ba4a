/**
 * Errors of repeated calls and timers.
 *
 * @module
 */

/** Something can only be done while a loop or a timer runs. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError'
  readonly code = 'ERR_SENNIT_NOT_RUNNING'
  /** @param action - what was asked for, such as `'reset a looping call'` */
  constructor(action: string) {
    super(`Cannot ${action}: it must be running`)
  }
}

/** Something can only be done while a loop does not run. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError'
  readonly code = 'ERR_SENNIT_ALREADY_RUNNING'
  /** @param action - what was asked for, such as `'start a looping call'` */
  constructor(action: string) {
    super(`Cannot ${action}: it must not be running`)
  }
}

/** An option of a timer is not what it must be. */
export class TimerOptionError extends TypeError {
  override readonly name = 'TimerOptionError'
  readonly code = 'ERR_SENNIT_TIMER_OPTION'
  /** The option, such as `'onError'`. */
  readonly option: string
  constructor(action: string, option: string, wanted: string, value: unknown) {
    const shown = typeof value === 'string' ? JSON.stringify(value) : String(value)
    super(`Cannot ${action}: '${option}' must be ${wanted}, got ${shown}`)
    this.option = option
  }
}
