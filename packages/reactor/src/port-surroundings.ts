/**
 * What a port knows of its reactor.
 *
 * @module
 */
import type { IInspectable, ILog, IReactorTime } from '@sennit/interfaces'
import type { Remaining } from './reactor-core.ts'

/** What a port takes from its reactor. */
export interface PortSurroundings {
  readonly clock: IReactorTime
  readonly log: ILog
  /** Told when the port is closed. */
  readonly closed: (port: IInspectable & Remaining) => void
}
