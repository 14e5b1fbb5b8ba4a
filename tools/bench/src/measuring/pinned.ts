/**
 * On which processor something runs: what is measured on the first, what puts it under load on the second.
 *
 * @module
 */
import { availableParallelism } from 'node:os'

/** The first, or the second. */
export type Processor = 0 | 1

/** Those that can have a round of their own. */
export const PROCESSORS: readonly Processor[] = availableParallelism() < 2 ? [0] : [0, 1]

/** @returns the command that runs it on one processor; the command itself where there is only one */
export function pinned(processor: Processor, command: readonly string[]): readonly string[] {
  return PROCESSORS.length < 2 ? command : ['taskset', '-c', String(processor), ...command]
}
