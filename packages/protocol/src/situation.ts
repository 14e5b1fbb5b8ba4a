/**
 * What a connection brings with it: the clock on which it lives, and the log.
 *
 * @module
 */
import type { ILog, IReactorTime, ISituatedTransport, ITransport } from '@sennit/interfaces'
import { defaultLog, maybeGlobalReactor } from '@sennit/runtime'

/** A transport that may say more. */
export type MaybeSituated = ITransport & Partial<ISituatedTransport>

/** What was given, else the connection's clock, else the process's. */
export function clockOf(transport: MaybeSituated, given?: IReactorTime): IReactorTime {
  return given ?? transport.clock ?? maybeGlobalReactor()
}

/** What was given, else the log of the connection, if there is one, else the process's. */
export function logOf(transport: MaybeSituated | undefined, given?: ILog): ILog {
  return given ?? transport?.log ?? defaultLog
}
