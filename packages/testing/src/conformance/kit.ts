/**
 * What every conformance suite takes: the framework's two functions, and something made anew for each case.
 *
 * @module
 */
import { MemoryLog } from '../memory-log.ts'

/** The functions of a test framework that a suite uses. */
export interface ConformanceKit {
  describe(title: string, define: () => void): void
  it(title: string, run: () => Promise<void>): void
}

/** What every case is given besides what it tests. */
export interface Surroundings {
  /** Lets things go on until a promise settles, and gives what it gives. */
  run<T>(work: T | PromiseLike<T>): Promise<T>
  /** Lets things go on until a condition holds; fails after a few seconds. */
  until(condition: () => boolean): Promise<void>
  /** Lets so many seconds pass. */
  pass(seconds: number): Promise<void>
  /** Closes what is left. */
  dispose?(): void | Promise<void>
}

/** Makes what one case needs. */
export type Maker<S extends Surroundings> = () => S | Promise<S>

/** `it`, with something made before and disposed of after. */
export type Case<S extends Surroundings> = (
  title: string,
  run: (made: S, log: MemoryLog) => Promise<void>,
) => void

/** The `it` of a suite. Each case has a log, to be passed on as `context: { log }`. */
export function caseWith<S extends Surroundings>(kit: ConformanceKit, make: Maker<S>): Case<S> {
  return (title, run) => {
    kit.it(title, async () => {
      const made = await make()
      try {
        await run(made, new MemoryLog())
      } finally {
        await made.dispose?.()
      }
    })
  }
}
