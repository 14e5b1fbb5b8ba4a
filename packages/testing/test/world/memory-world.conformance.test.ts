import { describe, it } from 'vitest'
import { tcpConformance, timeConformance, udpConformance } from '../../src/conformance/index.ts'
import { MemoryLog, MemoryWorld } from '../../src/index.ts'

function surroundings() {
  const log = new MemoryLog()
  const world = new MemoryWorld({ seed: 1, log, patience: 0 })
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

describe('MemoryWorld', () => {
  timeConformance({ describe, it }, () => {
    const made = surroundings()
    return {
      ...made,
      clock: made.world,
      unit: 1,
      isExact: true,
      refusesNegative: true,
      errors: () => made.log.errors(),
    }
  })

  tcpConformance({ describe, it }, () => {
    const made = surroundings()
    made.world.partition('silent')
    return { ...made, silent: { host: 'silent', port: 80 } }
  })

  udpConformance({ describe, it }, surroundings)
})
