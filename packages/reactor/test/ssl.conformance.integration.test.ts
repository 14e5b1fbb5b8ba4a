import { describe, it } from 'vitest'
import { deferLater, systemClock } from '@sennit/runtime'
import { sslConformance } from '@sennit/testing/conformance'
import { NodeReactor } from '../src/node-reactor.ts'
import { until } from './kit.ts'

describe('NodeReactor', () => {
  sslConformance({ describe, it }, () => ({
    run: <T>(work: T | PromiseLike<T>): Promise<T> => Promise.resolve(work),
    until: (condition: () => boolean): Promise<void> => until(condition),
    pass: (seconds: number): Promise<void> => deferLater(systemClock, seconds),
    reactor: new NodeReactor(),
  }))
})
