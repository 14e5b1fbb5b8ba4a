import { MemoryLog, MemoryWorld, type MemoryWorldOptions } from '../../src/index.ts'

/** A world as the surroundings of a case, which must be quiet in the end. */
export function inWorld(options: MemoryWorldOptions = {}) {
  const log = new MemoryLog()
  const world = new MemoryWorld({ seed: 1, log, patience: 0, ...options })
  return {
    world,
    log,
    reactor: world,
    run: <T>(work: T | PromiseLike<T>) => world.run(work),
    until: (condition: () => boolean) => world.until(condition, { timeout: 60 }),
    pass: (seconds: number) => world.advance(seconds),
    dispose: async () => {
      await world.advance(2)
      world.assertQuiet()
    },
  }
}
