/**
 * Errors without a stack of their own, since capturing it is most of what an error costs.
 *
 * @module
 */

/** @returns what `make` returns; an error that it makes captures no stack */
export function withoutStack<E extends Error>(make: () => E): E {
  const limit = Error.stackTraceLimit
  limitStack(0)
  try {
    return make()
  } finally {
    limitStack(limit)
  }
}

/** Sets how many frames are captured; where the intrinsics are frozen, this has no effect. An assignment, since `Reflect.set` is slower. */
export function limitStack(frames: number): void {
  try {
    Error.stackTraceLimit = frames
  } catch {
    // The stack is captured.
  }
}
