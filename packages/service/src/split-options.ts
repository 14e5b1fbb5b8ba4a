/**
 * The options of a service that is wrapped around something else: some are the service's own.
 *
 * @module
 */
import type { ServiceOptions } from './options.ts'

/** Options, of which some are the service's, and the others. */
export interface SplitOptions<O extends ServiceOptions> {
  readonly service: ServiceOptions
  readonly rest: Omit<O, keyof ServiceOptions>
}

/** Takes the options of the service out; what is left is for what it is wrapped around. */
export function splitOptions<O extends ServiceOptions>(options: O): SplitOptions<O> {
  const { name, reactor, clock, log, random, startTimeout, stopTimeout, onFailure, ...rest } = options
  return { service: { name, reactor, clock, log, random, startTimeout, stopTimeout, onFailure }, rest }
}
