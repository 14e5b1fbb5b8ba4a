/**
 * Nothing.
 *
 * **Source:** Twisted, `twisted/application/_client_service.py` of older releases, `_noop`.
 *
 * @module
 */

/** Takes anything and does nothing. */
export function noop(..._anything: unknown[]): void {}
