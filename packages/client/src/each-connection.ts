/**
 * The connections of a client, one after another.
 *
 * @module
 */
import { CancelledError } from '@sennit/runtime'
import type { ConnectionMachine } from './connection-machine.ts'
import { nextConnection } from './next-connection.ts'

/** Options of `connections`. */
export interface ConnectionsOptions {
  /** Ends the iteration with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Yields each connection once; what is gone before it is asked for is left out. Ends when the machine is stopped. */
export async function* eachConnection<T>(
  machine: ConnectionMachine<T>,
  { signal }: ConnectionsOptions = {},
): AsyncGenerator<T, void, undefined> {
  let seen = 0
  for (;;) {
    try {
      await nextConnection(machine, { signal }, seen)
    } catch (error) {
      if (error instanceof CancelledError && !signal?.aborted) return
      throw error
    }
    // It may have been lost in the meantime.
    if (machine.state.name !== 'connected') continue
    seen = machine.connections
    yield machine.current as T
  }
}
