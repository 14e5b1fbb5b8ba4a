/**
 * Errors of the wrappers.
 *
 * @module
 */

/** A service was asked where it listens while it does not. */
export class ServiceNotListeningError extends Error {
  override readonly name = 'ServiceNotListeningError'
  readonly code = 'ERR_SENNIT_NOT_LISTENING'

  constructor() {
    super('Cannot say where the service listens: it does not listen now')
  }
}
