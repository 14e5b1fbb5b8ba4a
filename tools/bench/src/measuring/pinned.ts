/**
 * On which processor something runs: what is measured on the first, what puts it under load on the second.
 *
 * @module
 */
import { availableParallelism } from 'node:os'

/** @returns the command that runs it on one processor; the command itself where there is only one */
export function pinned(processor: 0 | 1, command: readonly string[]): readonly string[] {
  return availableParallelism() < 2 ? command : ['taskset', '-c', String(processor), ...command]
}
