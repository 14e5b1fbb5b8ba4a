/**
 * Errors of the factory that connects again by itself.
 *
 * @module
 */

/** A factory has never seen a connector, and was asked to connect again. */
export class NoConnectorError extends Error {
  override readonly name = 'NoConnectorError'
  readonly code = 'ERR_SENNIT_NO_CONNECTOR'

  constructor() {
    super('Cannot connect again: the factory has not been told of any connector')
  }
}

/** An option of a factory is not what it must be. */
export class RetryOptionError extends RangeError {
  override readonly name = 'RetryOptionError'
  readonly code = 'ERR_SENNIT_RETRY_OPTION'
  /** The name of the option. */
  readonly option: string

  constructor(option: string, wanted: string, got: unknown) {
    super(`Cannot connect again: '${option}' must be ${wanted}, got ${String(got)}`)
    this.option = option
  }
}
