/**
 * A live status page of a tree of services, with JSON, health, readiness and Prometheus metrics.
 *
 * @module
 */
export { StatusOptionError } from './errors.ts'
export type { IDelayHistogram, IProbe, IProcessFacts } from './node-process.ts'
export type {
  EventLoopStatus,
  LoopDelay,
  ProcessStatus,
  StatusDocument,
  StatusNode,
} from './status-document.ts'
export { StatusService, type StatusServiceOptions } from './status-service.ts'
