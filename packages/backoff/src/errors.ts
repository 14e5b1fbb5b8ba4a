/**
 * Errors of policies and of `retry`.
 *
 * @module
 */

/** An option of a policy or of `retry` is not what it must be. */
export class BackoffOptionError extends TypeError {
  override readonly name = 'BackoffOptionError'
  readonly code = 'ERR_SENNIT_BACKOFF_OPTION'
  /** The option, such as `'factor'`. */
  readonly option: string
  constructor(action: string, option: string, wanted: string, value: unknown) {
    super(`Cannot ${action}: '${option}' must be ${wanted}, got ${shown(value)}`)
    this.option = option
  }
}

/**
 * Checks what another policy is made of.
 *
 * @throws BackoffOptionError (`ERR_SENNIT_BACKOFF_OPTION`)
 */
export function mustBePolicy(policy: unknown): void {
  if (typeof policy !== 'function')
    throw new BackoffOptionError('make a retry policy', 'policy', 'a function', policy)
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
