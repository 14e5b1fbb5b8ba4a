/**
 * Waiting for the end of connections.
 *
 * Source: Twisted, `twisted/internet/testing.py`, `waitUntilAllDisconnected`.
 *
 * @module
 */
import type { IReactorTime, Seconds } from '@sennit/interfaces'

/** How often is looked. */
const INTERVAL: Seconds = 0.01

/** Settles when none of the protocols is connected any more; looks every hundredth of a second on the clock. */
export function waitUntilAllDisconnected(
  clock: IReactorTime,
  protocols: Iterable<{ readonly connected: boolean }>,
): Promise<void> {
  const all = Array.from(protocols)
  return new Promise((resolve) => {
    const look = () => {
      if (all.some(({ connected }) => connected)) clock.callLater(INTERVAL, look)
      else resolve()
    }
    look()
  })
}
