import { describe, it } from 'vitest'
import {
  sslConformance,
  tcpConformance,
  timeConformance,
  unixConformance,
} from '../../src/conformance/index.ts'
import { inWorld } from './world.ts'

/** 2026-01-01T00:00:00Z: certificates that are made today are valid then. */
const TODAY = 1_767_225_600

describe('MemoryWorld', () => {
  timeConformance({ describe, it }, () => {
    const made = inWorld()
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
    const made = inWorld()
    made.world.partition('silent')
    return { ...made, silent: { host: 'silent', port: 80 } }
  })

  sslConformance({ describe, it }, () => inWorld({ epoch: TODAY }))

  unixConformance({ describe, it }, () => {
    const made = inWorld()
    const { files } = made.world
    files.makeFolder('/run/app')
    let count = 0
    return {
      ...made,
      path: () => `/run/app/${count++}`,
      modeOf: (path) => files.modeOf(path),
      put(path, what) {
        if (what === 'file') files.write(path, '')
        else if (what === 'stale socket') files.leaveSocket(path)
        else files.link(what.lockOf === 'somebody' ? '1' : '99999', path)
      },
      remove: (path) => files.remove(path),
    }
  })
})
