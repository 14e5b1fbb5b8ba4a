/**
 * Errors without a stack of their own, since capturing it is most of what an error costs.
 *
 * @module
 */

/** @returns what `make` returns; an error that it makes captures no stack */
export function withoutStack<E extends Error>(make: () => E): E {
  const limit = Error.stackTraceLimit
  // Where the intrinsics are frozen, this has no effect, and the stack is captured.
  Reflect.set(Error, 'stackTraceLimit', 0)
  try {
    return make()
  } finally {
    Reflect.set(Error, 'stackTraceLimit', limit)
  }
}
