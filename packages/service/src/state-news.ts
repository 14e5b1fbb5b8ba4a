/**
 * Telling the diagnostics channel of the states of services; as long as nobody listens it costs nothing but the question.
 *
 * @module
 */
import type { IService, ServiceState } from '@sennit/interfaces'
import { channels } from '@sennit/runtime'

const { serviceState } = channels

/** Whose state it is. */
interface Told {
  readonly service: IService
  readonly path: string
  readonly state: ServiceState
  readonly lastError: Error | undefined
}

/** Whether somebody wants to know of states. */
export function statesAreHeard(): boolean {
  return serviceState.hasSubscribers
}

/** A service has left a state for another. Only when somebody wants to know. */
export function tellState({ service, path, state, lastError }: Told, previous: ServiceState): void {
  serviceState.publish({
    service,
    path,
    state,
    previous,
    error: state === 'failed' ? lastError : undefined,
  })
}
