import { MultiService } from '@sennit/service'
import { MemoryLog, MemoryWorld } from '@sennit/testing'
import { serviceConformance } from '@sennit/testing/conformance'
import { describe, it } from 'vitest'
import { ClientService, ConnectionService } from '../src/index.ts'
import { TestFactory } from './fakes.ts'

function surroundings() {
  const log = new MemoryLog()
  const world = new MemoryWorld({ seed: 1, log, patience: 0 })
  return {
    world,
    log,
    collection: () => new MultiService({ reactor: world, log }),
    run: <T>(work: T | PromiseLike<T>) => world.run(work),
    until: (condition: () => boolean) => world.until(condition),
    pass: (seconds: number) => world.advance(seconds),
    dispose: () => world.assertQuiet(),
  }
}

describe('ClientService', () => {
  serviceConformance({ describe, it }, () => {
    const made = surroundings()
    /** Connects to a server that refuses, again and again. */
    const refusing = { connect: () => Promise.reject(new Error('refused')) }
    return {
      ...made,
      service: () => new ClientService(refusing, new TestFactory(), { reactor: made.world, log: made.log }),
    }
  })
})

describe('ConnectionService', () => {
  serviceConformance({ describe, it }, () => {
    const made = surroundings()
    const service = () => {
      let gone: ((reason: Error) => void) | undefined
      return new ConnectionService(
        {
          connect({ lost }) {
            gone = lost
            return {}
          },
          close: (_value, reason) => gone?.(reason),
          abort: () => gone?.(new Error('aborted')),
        },
        { reactor: made.world, log: made.log, requireConnection: true },
      )
    }
    return { ...made, service }
  })
})
