/**
 * Errors of the status page.
 *
 * @module
 */

/** An option of a `StatusService` is not what it must be. */
export class StatusOptionError extends TypeError {
  override readonly name = 'StatusOptionError'
  readonly code = 'ERR_SENNIT_STATUS_OPTION'
  /** The name of the option. */
  readonly option: string
  constructor(option: string, wanted: string, got: unknown) {
    super(`Cannot make a status page: '${option}' must be ${wanted}, got ${String(got)}`)
    this.option = option
  }
}
