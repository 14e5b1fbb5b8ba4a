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
