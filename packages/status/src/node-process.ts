/**
 * The process and its loop as the status page sees them: the only file here that looks at either by itself.
 *
 * @module
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import process from 'node:process'
import type { Seconds } from '@sennit/interfaces'

/** What the page tells of a process; Node's has it. */
export interface IProcessFacts {
  readonly pid: number
  readonly title: string
  readonly version: string
  readonly platform: string
  /** Seconds. */
  uptime(): Seconds
  /** Microseconds. */
  cpuUsage(): { readonly user: number; readonly system: number }
  /** Bytes. */
  memoryUsage(): {
    readonly rss: number
    readonly heapTotal: number
    readonly heapUsed: number
    readonly external: number
  }
}

/** Lengths of time, gathered since the last `reset`, in nanoseconds. */
export interface IDelayHistogram {
  readonly count: number
  readonly mean: number
  readonly max: number
  percentile(percentage: number): number
  reset(): void
  enable(): boolean
  disable(): boolean
}

/** What a `StatusService` looks at. */
export interface IProbe {
  readonly process: IProcessFacts
  /** Makes what measures the time between two visits of the loop to a timer of `resolution`. */
  delays(resolution: Seconds): IDelayHistogram
}

/** The process that this runs in. */
export const nodeProbe: IProbe = {
  process,
  delays: (resolution) => monitorEventLoopDelay({ resolution: resolution * 1000 }),
}
