import { MultiService } from '@sennit/service'
import { MemoryWorld } from '@sennit/testing'
import { serviceConformance } from '@sennit/testing/conformance'
import { describe, it } from 'vitest'
import { TimerService } from '../src/index.ts'

describe('TimerService', () => {
  serviceConformance({ describe, it }, () => {
    const world = new MemoryWorld({ seed: 1, patience: 0 })
    return {
      service: () => new TimerService(1, () => Promise.resolve(), { reactor: world }),
      collection: () => new MultiService({ reactor: world }),
      run: (work) => world.run(work),
      until: (condition) => world.until(condition),
      pass: (seconds) => world.advance(seconds),
      dispose: () => world.assertQuiet(),
    }
  })
})
