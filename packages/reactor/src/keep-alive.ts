/**
 * How soon a dead idle peer is found.
 *
 * @module
 */
import type { Duration, Seconds } from '@sennit/interfaces'
import { ReactorOptionError } from '@sennit/protocol'
import { toSeconds } from '@sennit/runtime'

/** Node's platform probes this often, a second apart, before it gives a peer up. */
const PROBES: Seconds = 10

/** The shortest time until the first probe. */
const SHORTEST: Seconds = 1

/**
 * The time until the first probe, in milliseconds, so that a dead peer is found within `budget`.
 *
 * @returns nothing when no probes are wanted
 * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) when the budget is too short for the platform's probes
 */
export function keepAliveDelay(budget: Duration | false): number | undefined {
  if (budget === false) return undefined
  const seconds = toSeconds(budget, 'keepAlive')
  if (seconds === Infinity) return undefined
  if (seconds < PROBES + SHORTEST) {
    const wanted = `false, or ${PROBES + SHORTEST} seconds or more (ten probes, a second apart, are sent)`
    throw new ReactorOptionError('find dead peers', 'keepAlive', wanted, budget)
  }
  return Math.floor(seconds - PROBES) * 1000
}
