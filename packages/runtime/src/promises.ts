/**
 * Small facts about promises and thrown values.
 *
 * @module
 */
import { nodeModule } from './node-module.ts'

/** Whether a value has to be waited for. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  )
}

/** What was thrown, as an error. */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  const { inspect, types } = nodeModule('util')
  if (types.isNativeError(thrown)) return thrown
  return new Error(`A value that is no error was thrown: ${inspect(thrown)}`, { cause: thrown })
}
