/**
 * Errors of the command.
 *
 * @module
 */

/** A module cannot be run; the message names its file and says why. */
export class ModuleError extends Error {
  override readonly name = 'ModuleError'
  readonly code = 'ERR_SENNIT_MODULE'
  /** The path of the file. */
  readonly file: string
  constructor(file: string, why: string, options?: ErrorOptions) {
    super(`Cannot run ${file}: ${why}`, options)
    this.file = file
  }
}
