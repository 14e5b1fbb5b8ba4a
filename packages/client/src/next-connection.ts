/**
 * Waiting for a connection.
 *
 * @module
 */
import type { Duration, IDelayedCall } from '@sennit/interfaces'
import { TimeoutError, toSeconds } from '@sennit/runtime'
import type { ConnectionMachine } from './connection-machine.ts'
import { ClientOptionError } from './errors.ts'
import { noop } from './noop.ts'
import type { Waiter } from './waiters.ts'

/** Options of `whenConnected`. */
export interface WhenConnectedOptions {
  /** Gives up at the so-manieth failed attempt from now on; its error is the rejection. @defaultValue Infinity */
  readonly failAfterFailures?: number | undefined
  /** Gives up waiting; the rejection is the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Gives up waiting after so long, with a `TimeoutError`. @defaultValue none */
  readonly timeout?: Duration | undefined
}

/**
 * The present connection, or the next one.
 *
 * @param after - how many connections have been seen: a later one is wanted
 */
export function nextConnection<T>(
  machine: ConnectionMachine<T>,
  { failAfterFailures = Infinity, signal, timeout }: WhenConnectedOptions = {},
  after = 0,
): Promise<T> {
  const promise = new Promise<T>((resolve, reject) => {
    if (typeof failAfterFailures !== 'number' || Number.isNaN(failAfterFailures))
      throw new ClientOptionError('wait for a connection', 'failAfterFailures', 'a number', failAfterFailures)
    const seconds = timeout === undefined ? Infinity : toSeconds(timeout, 'timeout')
    const waiter: Waiter<T> = { patience: failAfterFailures, connected: resolve, failed: reject }
    if (signal === undefined && seconds === Infinity) {
      machine.wait(waiter, after)
      return
    }
    signal?.throwIfAborted()
    let timer: IDelayedCall | undefined
    const done = () => {
      if (timer?.active()) timer.cancel()
      signal?.removeEventListener('abort', aborted)
    }
    const giveUp = (error: Error) => {
      machine.waiters.delete(waiter)
      waiter.failed(error)
    }
    const aborted = () => giveUp(signal!.reason as Error)
    waiter.connected = (value) => {
      done()
      resolve(value)
    }
    waiter.failed = (error) => {
      done()
      reject(error)
    }
    signal?.addEventListener('abort', aborted)
    if (seconds !== Infinity)
      timer = machine.context.clock.callLater(seconds, () =>
        giveUp(new TimeoutError('Waiting for a connection', seconds)),
      )
    machine.wait(waiter, after)
  })
  // Nobody has to wait for it.
  promise.catch(noop)
  return promise
}
