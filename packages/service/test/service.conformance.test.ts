import { MemoryWorld } from '@sennit/testing'
import { serviceConformance, serviceOverlapConformance } from '@sennit/testing/conformance'
import { describe, it } from 'vitest'
import { Application, fromDisposable, hooks, MultiService, Service } from '../src/index.ts'
import { Probe } from './kit.ts'

/** What every case is given, and a world as the reactor of its services. */
function surroundings() {
  const world = new MemoryWorld({ seed: 1, patience: 0 })
  return {
    world,
    collection: (): MultiService => new MultiService({ reactor: world }),
    run: <T>(work: T | PromiseLike<T>) => world.run(work),
    until: (condition: () => boolean) => world.until(condition),
    pass: (seconds: number) => world.advance(seconds),
    dispose: () => world.assertQuiet(),
  }
}

/** A service that takes a while to start and to stop. */
class Leisurely extends Service {
  protected override onPrivilegedStart(): Promise<void> {
    return Promise.resolve()
  }
  protected override onStart(): Promise<void> {
    return Promise.resolve()
  }
  protected override onStop(): Promise<void> {
    return Promise.resolve()
  }
}

describe('Service', () => {
  serviceConformance({ describe, it }, () => ({ ...surroundings(), service: () => new Service() }))
})

describe('Service with hooks that take time', () => {
  serviceConformance({ describe, it }, () => ({ ...surroundings(), service: () => new Leisurely() }))
  serviceOverlapConformance({ describe, it }, () => ({
    ...surroundings(),
    service: ({ privileged, start, stop }) =>
      new Probe('slow', [], {
        privileged: ({ signal }) => privileged?.(signal),
        start: ({ signal }) => start?.(signal),
        stop: ({ signal }) => stop?.(signal),
      }),
  }))
})

describe('MultiService', () => {
  for (const order of ['sequence', 'together'] as const) {
    const withChildren = () => {
      const service = new MultiService({ order })
      for (let i = 0; i < 3; i++) void new Leisurely().setServiceParent(service)
      return service
    }
    serviceConformance({ describe, it }, () => ({ ...surroundings(), service: withChildren }))
  }
})

describe('Application', () => {
  serviceConformance({ describe, it }, () => {
    const made = surroundings()
    const collection = () => Object.assign(new Application('app'), { reactor: made.world })
    return { ...made, collection, service: () => new Leisurely() }
  })
})

describe('hooks', () => {
  serviceConformance({ describe, it }, () => {
    let count = 0
    const service = () => hooks(`hooks ${count++}`, { start: async () => {}, stop: async () => {} })
    return { ...surroundings(), isNamed: true, service }
  })
  serviceOverlapConformance({ describe, it }, () => ({
    ...surroundings(),
    service: ({ privileged, start, stop }) =>
      hooks('slow', {
        privilegedStart: ({ signal }) => privileged?.(signal),
        start: ({ signal }) => start?.(signal),
        stop: ({ signal }) => stop?.(signal),
      }),
  }))
})

describe('fromDisposable', () => {
  const disposable = (): AsyncDisposable => ({ [Symbol.asyncDispose]: async () => {} })
  serviceConformance({ describe, it }, () => {
    let count = 0
    return { ...surroundings(), isNamed: true, service: () => fromDisposable(`made ${count++}`, disposable) }
  })
  serviceConformance({ describe, it }, () => {
    let count = 0
    const service = () => fromDisposable(`given ${count++}`, disposable())
    return { ...surroundings(), isNamed: true, restarts: false, service }
  })
})
