/**
 * Errors of running an application.
 *
 * @module
 */

/** The process could not become another user. */
export class PrivilegeError extends Error {
  override readonly name = 'PrivilegeError'
  readonly code = 'ERR_SENNIT_PRIVILEGES'
  constructor(why: string, options?: ErrorOptions) {
    super(`Cannot drop privileges: ${why}`, options)
  }
}

/** Something that was given to `run` is not what it must be. */
export class RunOptionError extends TypeError {
  override readonly name = 'RunOptionError'
  readonly code = 'ERR_SENNIT_RUN_OPTION'
  /** What was given. */
  readonly option: string
  constructor(option: string, wanted: string, got: unknown) {
    const shown = typeof got === 'object' && got !== null ? 'an object without its methods' : String(got)
    super(`Cannot run: '${option}' must be ${wanted}, got ${shown}`)
    this.option = option
  }
}
