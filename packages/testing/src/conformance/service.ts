/**
 * What every service does, whatever it is for: names, parents, starts and stops.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { IService, IServiceCollection } from '@sennit/interfaces'
import { type ConformanceKit, type Maker, type Surroundings, caseWith } from './kit.ts'

/** What the suite for `IService` is given. */
export interface ServiceSurroundings extends Surroundings {
  /** Makes a service that has no parent, and that starts and stops without help. */
  service(): IService
  /** Makes a collection that has no parent, and starts and stops its members with itself. */
  collection(): IService & IServiceCollection
  /** Whether services are born with a name, each with another. @defaultValue false */
  readonly isNamed?: boolean | undefined
  /** Whether a service can be started again after a stop. @defaultValue true */
  readonly restarts?: boolean | undefined
}

const PARENT_MEMBERS = ['name', 'running', 'parent'] as const

const METHODS = [
  'setName',
  'setServiceParent',
  'disownServiceParent',
  'privilegedStartService',
  'startService',
  'stopService',
] as const

/** One case's services. */
class Scene {
  readonly made: ServiceSurroundings
  readonly #services: IService[] = []

  constructor(made: ServiceSurroundings) {
    this.made = made
  }

  service(): IService {
    return this.#kept(this.made.service())
  }

  collection(): IService & IServiceCollection {
    return this.#kept(this.made.collection())
  }

  run<T>(work: T | PromiseLike<T>): Promise<T> {
    return this.made.run(work)
  }

  async close(): Promise<void> {
    for (const service of this.#services.reverse()) await this.run(service.stopService())
  }

  #kept<S extends IService>(service: S): S {
    this.#services.push(service)
    return service
  }
}

/** The suite for the role `IService`. */
export function serviceConformance(kit: ConformanceKit, make: Maker<ServiceSurroundings>): void {
  const cases = caseWith(kit, make)
  const it = (title: string, run: (scene: Scene) => Promise<void>) =>
    cases(title, async (made) => {
      const scene = new Scene(made)
      try {
        await run(scene)
      } finally {
        await scene.close()
      }
    })

  kit.describe('IService: name and parent', () => {
    it('SV-01 SV-15 has no name and no parent, and does not run', async (scene) => {
      const service = scene.service()
      for (const member of PARENT_MEMBERS) assert.ok(member in service, member)
      for (const method of METHODS) assert.equal(typeof service[method], 'function', method)
      const { name, parent, running } = service
      assert.equal(typeof name, scene.made.isNamed ? 'string' : 'undefined')
      assert.deepEqual({ parent, running }, { parent: undefined, running: false })
    })

    it('SV-05 is named while it has no parent, and keeps its name under one', async (scene) => {
      const service = scene.service()
      service.setName('first')
      service.setName('second')
      await scene.run(service.setServiceParent(scene.collection()))
      assert.throws(() => service.setName('third'), { code: 'ERR_SENNIT_SERVICE_NAME' })
      assert.equal(service.name, 'second')
    })

    it('SV-06 is among the children of its parent, and found there by its name', async (scene) => {
      const [parent, service] = [scene.collection(), scene.service()]
      service.setName('it')
      await scene.run(service.setServiceParent(parent))
      assert.equal(service.parent, parent)
      assert.deepEqual([...parent], [service])
      assert.equal(parent.getServiceNamed('it'), service)
    })

    it('SV-10 has no parent when that has a service of its name already', async (scene) => {
      const [parent, one, other] = [scene.collection(), scene.service(), scene.service()]
      one.setName('it')
      other.setName('it')
      await scene.run(one.setServiceParent(parent))
      assert.throws(() => other.setServiceParent(parent), { code: 'ERR_SENNIT_DUPLICATE_SERVICE' })
      assert.equal(other.parent, undefined)
      assert.deepEqual([...parent], [one])
    })

    it('SV-12 may leave a parent that it does not have', async (scene) => {
      const service = scene.service()
      assert.equal(await scene.run(service.disownServiceParent()), undefined)
    })

    it('SV-14 leaves out of its JSON form whether it runs, and its parent', async (scene) => {
      const [parent, service] = [scene.collection(), scene.service()]
      await scene.run(service.setServiceParent(parent))
      await scene.run(parent.startService())
      const form = JSON.parse(JSON.stringify(service)) as object
      assert.equal('running' in form, false)
      assert.equal('parent' in form, false)
    })
  })

  kit.describe('IService: starting and stopping', () => {
    it('SV-02 runs from the start to the stop', async (scene) => {
      const service = scene.service()
      await scene.run(service.startService())
      assert.equal(service.running, true)
      const stopped = service.stopService()
      assert.equal(service.running, false)
      await scene.run(stopped)
      assert.equal(service.running, false)
    })

    it('SV-03 may be started twice', async (scene) => {
      const service = scene.service()
      const first = service.startService()
      const second = service.startService()
      await scene.run(first)
      await scene.run(second)
      await scene.run(service.startService())
      assert.equal(service.running, true)
      await scene.run(service.stopService())
      assert.equal(service.running, false)
    })

    it('SV-03 may be stopped twice, and without a start', async (scene) => {
      const service = scene.service()
      await scene.run(service.stopService())
      await scene.run(service.startService())
      const first = service.stopService()
      const second = service.stopService()
      await scene.run(first)
      await scene.run(second)
      await scene.run(service.stopService())
      assert.equal(service.running, false)
    })

    it('SV-04 does not run after the privileged start, which may come once, twice or not at all', async (scene) => {
      const service = scene.service()
      await scene.run(service.privilegedStartService())
      await scene.run(service.privilegedStartService())
      assert.equal(service.running, false)
      await scene.run(service.startService())
      assert.equal(service.running, true)
    })

    it('can be stopped between the privileged start and the start', async (scene) => {
      const service = scene.service()
      await scene.run(service.privilegedStartService())
      await scene.run(service.stopService())
      assert.equal(service.running, false)
    })

    it('SV-03 can be started again after a stop', async (scene) => {
      const service = scene.service()
      const rounds = scene.made.restarts === false ? 1 : 3
      for (let round = 0; round < rounds; round++) {
        await scene.run(service.privilegedStartService())
        await scene.run(service.startService())
        assert.equal(service.running, true)
        await scene.run(service.stopService())
        assert.equal(service.running, false)
      }
    })

    it('does not start when the signal is aborted already', async (scene) => {
      const service = scene.service()
      const reason = new Error('not any more')
      const started = Promise.resolve(service.startService({ signal: AbortSignal.abort(reason) }))
      await assert.rejects(scene.run(started), (error) => error === reason)
      assert.equal(service.running, false)
    })

    it('SV-03 a stop wins over the start before it', async (scene) => {
      const service = scene.service()
      const started = service.startService()
      const stopped = service.stopService()
      assert.equal(service.running, false)
      await scene.run(stopped)
      if (started !== undefined) await assert.rejects(scene.run(started), { code: 'ABORT_ERR' })
      assert.equal(service.running, false)
    })

    it('SV-03 a start wins over the stop before it', async (scene) => {
      if (scene.made.restarts === false) return
      const service = scene.service()
      await scene.run(service.startService())
      const stopped = service.stopService()
      const started = service.startService()
      await scene.run(Promise.all([stopped, started]))
      assert.equal(service.running, true)
    })

    it('is stopped by Symbol.asyncDispose', async (scene) => {
      const service = scene.service() as IService & Partial<AsyncDisposable>
      await scene.run(service.startService())
      await scene.run(service[Symbol.asyncDispose]!())
      assert.equal(service.running, false)
    })
  })

  kit.describe('IService: under a parent', () => {
    it('MS-04 MS-07 starts and stops with its parent', async (scene) => {
      const [parent, one, other] = [scene.collection(), scene.service(), scene.service()]
      await scene.run(one.setServiceParent(parent))
      await scene.run(other.setServiceParent(parent))
      await scene.run(parent.privilegedStartService())
      await scene.run(parent.startService())
      assert.deepEqual([one.running, other.running], [true, true])
      await scene.run(parent.stopService())
      assert.deepEqual([one.running, other.running], [false, false])
    })

    it('MS-12 MS-13 is started at once by a parent that runs, and not by one that does not', async (scene) => {
      const [parent, early, late] = [scene.collection(), scene.service(), scene.service()]
      await scene.run(early.setServiceParent(parent))
      assert.equal(early.running, false)
      await scene.run(parent.startService())
      await scene.run(late.setServiceParent(parent))
      assert.equal(late.running, true)
    })

    it('SV-11 SV-13 is stopped when it leaves a parent that runs, and has no parent at once', async (scene) => {
      const [parent, service] = [scene.collection(), scene.service()]
      await scene.run(service.setServiceParent(parent))
      await scene.run(parent.startService())
      const left = service.disownServiceParent()
      assert.equal(service.parent, undefined)
      assert.deepEqual([...parent], [])
      await scene.run(left)
      assert.equal(service.running, false)
      assert.equal(parent.running, true)
    })

    it('SV-08 moves: it runs under the new parent if that runs', async (scene) => {
      if (scene.made.restarts === false) return
      const [from, to, service] = [scene.collection(), scene.collection(), scene.service()]
      await scene.run(service.setServiceParent(from))
      await scene.run(from.startService())
      await scene.run(to.startService())
      await scene.run(service.setServiceParent(to))
      assert.deepEqual([[...from], [...to]], [[], [service]])
      assert.equal(service.parent, to)
      assert.equal(service.running, true)
      await scene.run(from.stopService())
      assert.equal(service.running, true)
    })
  })
}
