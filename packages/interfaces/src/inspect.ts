/**
 * The role of something that can be looked into while it runs.
 *
 * @module
 */
import type { Seconds } from './time.ts'

/** A fact about a service or a port: how many, how long, where. Times are in seconds. */
export type Fact = string | number | boolean | null

/** What something says about itself; it can be written as JSON. */
export interface Description {
  /** The class, such as `'TimerService'`. */
  readonly kind: string
  readonly name: string | undefined
  /** A word, such as `'running'`. */
  readonly state: string
  /** When the state was entered, in seconds of wall time since 1970. */
  readonly since: Seconds | undefined
  /** The message of the last error. */
  readonly error: string | undefined
  readonly facts: Readonly<Record<string, Fact>>
  readonly children: readonly Description[]
}

/** Can be looked into. */
export interface IInspectable {
  /** A snapshot. */
  describe(): Description
}
