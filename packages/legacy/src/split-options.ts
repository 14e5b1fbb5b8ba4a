/**
 * The options of a wrapper: some are the service's, the rest goes to the reactor.
 *
 * @module
 */
import type { ServiceOptions } from '@sennit/service'

/** Takes the options of the service out; what is left is for the reactor. */
export function splitOptions<O extends ServiceOptions>(
  options: O,
): { service: ServiceOptions; rest: Omit<O, keyof ServiceOptions> } {
  const { name, reactor, clock, log, random, startTimeout, stopTimeout, onFailure, ...rest } = options
  return { service: { name, reactor, clock, log, random, startTimeout, stopTimeout, onFailure }, rest }
}
