/**
 * Where it was measured.
 *
 * @module
 */
import { availableParallelism, cpus, release } from 'node:os'

/** What the figures depend on. */
export interface Machine {
  readonly date: string
  readonly node: string
  readonly processor: string
  readonly processors: number
  readonly system: string
}

export function machine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    processors: availableParallelism(),
    system: `${process.platform} ${release()}`,
  }
}
