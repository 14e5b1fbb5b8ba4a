/**
 * Asking an object for a role.
 *
 * @module
 */
import { MissingRoleError } from './errors.ts'

/** Whether an object has all these methods. */
export function hasRole<R extends object>(
  object: unknown,
  methods: readonly (keyof R & string)[],
): object is R {
  if (object === null || (typeof object !== 'object' && typeof object !== 'function')) return false
  return methods.every((method) => typeof (object as Record<string, unknown>)[method] === 'function')
}

/**
 * The object, as one that has the role.
 *
 * @param role - the role's name, for the error
 * @param methods - the methods that make the role
 * @throws MissingRoleError (`ERR_SENNIT_MISSING_ROLE`)
 */
export function requireRole<R extends object>(
  object: unknown,
  role: string,
  methods: readonly (keyof R & string)[],
): R {
  if (hasRole<R>(object, methods)) return object
  throw new MissingRoleError(role, methods)
}
