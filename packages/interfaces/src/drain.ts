/**
 * The role of something that finishes its work before it stops.
 *
 * @module
 */
import type { Seconds } from './time.ts'

/** A connection handler that wants to be told that its listener stops, to finish what is in flight. */
export interface IDrain {
  /**
   * No new connection will come. Finish what is in flight and end idle connections.
   *
   * @param timeout - seconds until what is left is cut; `Infinity` when there is no limit
   */
  drain(timeout: Seconds): void | Promise<void>
}
