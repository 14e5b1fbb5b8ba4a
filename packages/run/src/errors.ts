/**
 * Errors of running an application, or a function.
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

/** Thrown by the function that `react` runs: it ends with the given exit code, and this is no failure. */
export class ExitError extends Error {
  override readonly name = 'ExitError'
  readonly code = 'ERR_SENNIT_EXIT'
  /** What the process shall end with, 0 to 255. */
  readonly exitCode: number
  /**
   * @param exitCode - 0 to 255
   * @throws RunOptionError (`ERR_SENNIT_RUN_OPTION`) when it is none
   */
  constructor(exitCode: number, options?: ErrorOptions) {
    if (!(Number.isInteger(exitCode) && exitCode >= 0 && exitCode <= 255)) {
      throw new RunOptionError('exitCode', 'an integer from 0 to 255', exitCode)
    }
    super(`The process is to end with code ${exitCode}`, options)
    this.exitCode = exitCode
  }
}
