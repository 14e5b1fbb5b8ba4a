/**
 * Errors of clients.
 *
 * @module
 */

/** An option of a client is not what it must be. */
export class ClientOptionError extends TypeError {
  override readonly name = 'ClientOptionError'
  readonly code = 'ERR_SENNIT_CLIENT_OPTION'
  /** The option, such as `'retryPolicy'`. */
  readonly option: string
  constructor(action: string, option: string, wanted: string, value: unknown) {
    super(`Cannot ${action}: '${option}' must be ${wanted}, got ${shown(value)}`)
    this.option = option
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (value !== null && typeof value === 'object')
    return `an object of the class ${value.constructor?.name ?? 'null'}`
  return String(value)
}
