import { afterAll, beforeAll, describe, it } from 'vitest'
import { deferLater, systemClock } from '@sennit/runtime'
import { tcpConformance, timeConformance, udpConformance } from '@sennit/testing/conformance'
import { NodeReactor } from '../src/index.ts'
import { Cleanup, deafPort, TestLog, until } from './kit.ts'

const kit = { describe, it }

const real = {
  run: <T>(work: T | PromiseLike<T>): Promise<T> => Promise.resolve(work),
  until: (condition: () => boolean): Promise<void> => until(condition),
  pass: (seconds: number): Promise<void> => deferLater(systemClock, seconds),
}

describe('NodeReactor', () => {
  const cleanup = new Cleanup()
  let silent: { host: string; port: number } | undefined

  beforeAll(async () => {
    const { number } = await deafPort(cleanup, '127.0.0.1')
    silent = { host: '127.0.0.1', port: number }
  })
  afterAll(() => cleanup.run())

  tcpConformance(kit, () => ({ ...real, reactor: new NodeReactor(), silent }))
  udpConformance(kit, () => ({ ...real, reactor: new NodeReactor() }))
  timeConformance(kit, () => {
    const log = new TestLog()
    return {
      ...real,
      clock: new NodeReactor({ log }),
      unit: 0.02,
      isExact: false,
      refusesNegative: true,
      errors: () => log.entries.map(({ err }) => err),
    }
  })
})
