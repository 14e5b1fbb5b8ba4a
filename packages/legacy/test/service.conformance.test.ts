import { MultiService } from '@sennit/service'
import { MemoryWorld } from '@sennit/testing'
import { serviceConformance } from '@sennit/testing/conformance'
import { describe, it } from 'vitest'
import { everyWrapper } from './every-wrapper.ts'

describe.each(everyWrapper)('%s', (_name, make) => {
  serviceConformance({ describe, it }, () => {
    const world = new MemoryWorld({ seed: 1, patience: 0 })
    let port = 8000
    return {
      service: () => make({ port: port++, path: `/run/${port}`, reactor: world }),
      collection: () => new MultiService({ reactor: world }),
      run: (work) => world.run(work),
      until: (condition) => world.until(condition),
      pass: (seconds) => world.advance(seconds),
      dispose: () => world.assertQuiet(),
    }
  })
})
