/**
 * Telling the diagnostics channels of clients; as long as nobody listens it costs nothing but the question.
 *
 * @module
 */
import type { IService, Seconds } from '@sennit/interfaces'
import { channels } from '@sennit/runtime'
import type { ConnectionState } from './connection-state.ts'
import { nameOf } from './name-of.ts'

const { clientAttempt, clientState } = channels

/** Whose news they are. */
export interface NewsSource {
  /** The service. */
  readonly owner: object
  readonly connectable: object
}

/** How an attempt has ended. */
export interface AttemptEnd {
  readonly outcome: 'connected' | 'failed' | 'cancelled'
  readonly failures: number
  readonly took: Seconds | undefined
  readonly error?: Error | undefined
}

/** Whether somebody wants to know of attempts. */
export function attemptsAreHeard(): boolean {
  return clientAttempt.hasSubscribers
}

/** An attempt is over. */
export function tellAttempt({ owner, connectable }: NewsSource, end: AttemptEnd): void {
  const service = owner as IService & { readonly path: string }
  const { outcome, failures, took, error } = end
  const endpoint = nameOf(connectable)
  clientAttempt.publish({ service, path: service.path, endpoint, outcome, failures, took, error })
}

/** The connection is elsewhere than before. */
export function tellState({ owner, connectable }: NewsSource, state: () => ConnectionState): void {
  if (!clientState.hasSubscribers) return
  const service = owner as IService & { readonly path: string }
  const { name, cause, retryIn, failures } = state()
  clientState.publish({
    service,
    path: service.path,
    endpoint: nameOf(connectable),
    state: name,
    cause,
    retryIn,
    failures,
  })
}
