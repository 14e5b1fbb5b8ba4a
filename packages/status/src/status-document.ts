/**
 * What is told of a running program, as JSON: at `/tree.json`, and in each event of `/events`. `/schema.json` is its schema.
 *
 * @module
 */
import type { Fact, Seconds } from '@sennit/interfaces'

/** A service, a task or a port. */
export interface StatusNode {
  /** The names from the root down, such as `'app/db'`; no two nodes of a document have the same. */
  readonly path: string
  /** The class, such as `'TimerService'`. */
  readonly kind: string
  readonly name: string | null
  /** A word, such as `'running'`. */
  readonly state: string
  /** When the state was entered, in seconds of wall time since 1970. */
  readonly since: Seconds | null
  /** The message of the last error. */
  readonly error: string | null
  readonly facts: Readonly<Record<string, Fact>>
  readonly children: readonly StatusNode[]
}

/** How late the loop was in one interval, in seconds. */
export interface LoopDelay {
  /** The end of the interval, in seconds of wall time since 1970. */
  readonly time: Seconds
  readonly mean: Seconds
  readonly p50: Seconds
  readonly p99: Seconds
  readonly max: Seconds
}

/** How late the event loop was. */
export interface EventLoopStatus {
  /** The length of the intervals. */
  readonly interval: Seconds
  /** The newest last. */
  readonly history: readonly LoopDelay[]
}

/** What the operating system knows of the process; sizes in bytes. */
export interface ProcessStatus {
  readonly pid: number
  readonly title: string
  /** The version of Node, such as `'v24.1.0'`. */
  readonly node: string
  readonly platform: string
  /** When it began, in seconds of wall time since 1970. */
  readonly startedAt: Seconds
  /** Time of processors since then. */
  readonly cpu: { readonly user: Seconds; readonly system: Seconds }
  readonly memory: {
    readonly rss: number
    readonly heapTotal: number
    readonly heapUsed: number
    readonly external: number
  }
}

/** What is told of a running program. */
export interface StatusDocument {
  /** The form of the document. */
  readonly format: 1
  /** When it was made, in seconds of wall time since 1970. */
  readonly time: Seconds
  /** The time between two of them in `/events`. */
  readonly interval: Seconds
  /** Whether new work may be sent. */
  readonly ready: boolean
  readonly process: ProcessStatus
  readonly eventLoop: EventLoopStatus
  /** Whether the tree was too large or too deep to be shown whole. */
  readonly truncated: boolean
  readonly tree: StatusNode
}
