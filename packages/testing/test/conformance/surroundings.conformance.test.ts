import { describe, it } from 'vitest'
import { coreConformance, filesConformance, resolverConformance } from '../../src/conformance/index.ts'
import { inWorld } from './world.ts'

describe('MemoryWorld', () => {
  coreConformance({ describe, it }, () => {
    const shutdownTimeout = 0.1
    return { ...inWorld({ shutdownTimeout }), shutdownTimeout }
  })

  filesConformance({ describe, it }, () => {
    const made = inWorld()
    const { files } = made.world
    files.makeFolder('/srv/files')
    return {
      ...made,
      files: {
        folder: '/srv/files',
        write: (path, text) => files.write(path, text),
        makeFolder: (path) => files.makeFolder(path),
        rename: (from, to) => files.rename(from, to),
        remove: (path) => files.remove(path),
        link: (target, path) => files.link(target, path),
      },
    }
  })

  resolverConformance({ describe, it }, () => {
    const made = inWorld()
    const addresses = ['2001:db8::5', '10.0.0.5']
    made.world.names.set('known.example', addresses)
    made.world.names.fail('unknown.example')
    return { ...made, known: { name: 'known.example', addresses }, unknown: 'unknown.example' }
  })
})
