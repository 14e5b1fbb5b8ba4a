/**
 * The options that every port for connections has.
 *
 * @module
 */
import type { Seconds, StreamListenOptions } from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'
import { checkedCount } from './option-checks.ts'

/** Node's own. */
const BACKLOG = 511

/** What was checked; `Infinity` where there is no limit. */
export interface StreamLimits {
  readonly backlog: number
  readonly maxConnections: number
  readonly idleTimeout: Seconds
  readonly receiveTimeout: Seconds
  readonly drain: boolean
  readonly drainTimeout: Seconds
  readonly held: boolean
}

/** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`), DurationError */
export function checkedLimits(options: StreamListenOptions): StreamLimits {
  const { backlog = BACKLOG, maxConnections = Infinity, drain = true, held = false } = options
  checkedCount('listen', backlog, 'backlog', 1)
  checkedCount('listen', maxConnections, 'maxConnections', 0)
  return {
    backlog,
    maxConnections,
    idleTimeout: toSeconds(options.idleTimeout ?? Infinity, 'idleTimeout'),
    receiveTimeout: toSeconds(options.receiveTimeout ?? Infinity, 'receiveTimeout'),
    drain,
    drainTimeout: toSeconds(options.drainTimeout ?? 5, 'drainTimeout'),
    held,
  }
}
