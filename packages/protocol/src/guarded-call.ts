/**
 * Calling what belongs to one connection from a timer.
 *
 * @module
 */
import type { IAbortableTransport, ILog } from '@sennit/interfaces'
import { asError } from '@sennit/runtime/internal'

/** Calls `f`; what it throws is logged and closes its connection, as it does when a transport calls a protocol. */
export function guardedCall(f: () => void, hook: string, transport: IAbortableTransport, log: ILog): void {
  try {
    f()
  } catch (thrown) {
    const error = asError(thrown)
    log.error({ err: error }, `${hook} threw; its connection is closed`)
    transport.abortConnection(error)
  }
}
