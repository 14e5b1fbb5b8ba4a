import { CancelledError, Clock, realTurn } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { Application, MultiService, Service } from '../src/index.ts'
import { lifecycleOf } from '../src/service.ts'
import {
  Bare,
  type Bodies,
  differing,
  errorsOf,
  gate,
  outcome,
  outcomes,
  Probe,
  recorder,
  statesOf,
} from './kit.ts'

describe('Service', () => {
  it('SV-01 SV-15 is new without a name, without a parent and not running', () => {
    const service = new Service()
    expect(service).toMatchObject({ name: undefined, parent: undefined, running: false, state: 'idle' })
    expect(service.since).toBeUndefined()
    expect(service.lastError).toBeUndefined()
    for (const member of ['name', 'parent', 'running']) expect(member in service).toBe(true)
  })

  it('is called in paths by its name, else as it says, else after its class', () => {
    class Listener extends Service {
      protected override get pathLabel(): string {
        return 'tcp:80'
      }
    }
    const app = new MultiService({ name: 'app' })
    const paths = [new Listener({ name: 'web' }), new Listener(), new Service()].map((service) => {
      void service.setServiceParent(app)
      return service.path
    })
    expect(paths).toEqual(['app/web', 'app/tcp:80', 'app/Service'])
  })

  it('SV-02 is running from the start to the stop, both of which return nothing', () => {
    const service = new Service()
    expect(service.startService()).toBeUndefined()
    expect(service).toMatchObject({ running: true, state: 'running' })
    expect(service.stopService()).toBeUndefined()
    expect(service).toMatchObject({ running: false, state: 'stopped' })
  })

  it('SV-02 is running from the call of an asynchronous start, and not from the call of an asynchronous stop', async () => {
    const [starting, stopping] = [gate(), gate()]
    const service = new Probe('db', [], { start: () => starting.promise, stop: () => stopping.promise })
    const started = service.startService()
    expect(service).toMatchObject({ running: true, state: 'starting' })
    starting.open()
    await started
    expect(service).toMatchObject({ running: true, state: 'running' })
    const stopped = service.stopService()
    expect(service).toMatchObject({ running: false, state: 'stopping' })
    stopping.open()
    await stopped
    expect(service).toMatchObject({ running: false, state: 'stopped' })
  })

  it('SV-03 starts once when it is started twice, and stops once when it is stopped twice', () => {
    const journal: string[] = []
    const service = new Probe('db', journal)
    void service.startService()
    expect(service.startService()).toBeUndefined()
    expect(service.running).toBe(true)
    void service.stopService()
    expect(service.stopService()).toBeUndefined()
    expect(journal).toEqual(['start db', 'stop db'])
  })

  it('SV-04 has a privileged start that does not change running', () => {
    const service = new Service()
    expect(service.privilegedStartService()).toBeUndefined()
    expect(service.running).toBe(false)
  })

  it('is told as starting between the privileged start and the start', async () => {
    const service = new Probe('web', [], { privileged: async () => {} })
    await service.privilegedStartService()
    expect(service).toMatchObject({ running: false, state: 'starting' })
    void service.startService()
    expect(service.state).toBe('running')
  })

  it('SV-05 is named while it has no parent, and keeps its name then', () => {
    const service = new Service({ name: 'a' })
    service.setName('b')
    expect(service.name).toBe('b')
    void service.setServiceParent(new MultiService({ name: 'app' }))
    expect(() => service.setName('c')).toThrow(
      expect.objectContaining({
        code: 'ERR_SENNIT_SERVICE_NAME',
        message: expect.stringContaining("'app/b'"),
      }),
    )
    expect(service.name).toBe('b')
  })

  it('refuses a name that is no string', () => {
    const service = new Service()
    expect(() => service.setName(1 as never)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_SERVICE_OPTION', option: 'name' }),
    )
    expect(service.name).toBeUndefined()
  })

  it('SV-06 joins the children of its parent', () => {
    const parent = new MultiService()
    const service = new Service()
    expect(service.setServiceParent(parent)).toBeUndefined()
    expect(service.parent).toBe(parent)
    expect([...parent]).toEqual([service])
  })

  it('SV-07 takes an application as a parent, and refuses what is no collection', () => {
    const app = new Application('app')
    const service = new Service()
    void service.setServiceParent(app)
    expect(service.parent).toBe(app)
    for (const nonsense of [new Service(), {}, null, 'app']) {
      expect(() => new Service().setServiceParent(nonsense as never)).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_SERVICE_PARENT' }),
      )
    }
  })

  it('SV-08 stops under the old parent before it starts under the new one, and tells both', async () => {
    const journal: string[] = []
    const stopping = gate()
    const service = new Probe('db', journal, { stop: () => stopping.promise })
    const [from, to] = [new MultiService({}, [service]), new MultiService()]
    void from.startService()
    void to.startService()
    const moved = service.setServiceParent(to)
    expect(service.parent).toBe(to)
    expect([...from]).toEqual([])
    await realTurn()
    expect(journal).toEqual(['start db', 'stop db'])
    expect(await outcome(moved)).toBe('pending')
    stopping.open()
    await moved
    expect(journal).toEqual(['start db', 'stop db', 'privileged db', 'start db'])
    expect(service.state).toBe('running')
  })

  it('SV-08 tells a stop under the old parent that fails, and moves nevertheless', async () => {
    const journal: string[] = []
    const service = new Probe('db', journal, { stop: () => Promise.reject(new Error('stuck')) })
    const log = recorder()
    const [from, to] = [new MultiService({ log }, [service]), new MultiService()]
    void from.startService()
    const moved = service.setServiceParent(to)
    await expect(moved).rejects.toThrow('stuck')
    expect(service.parent).toBe(to)
    expect(errorsOf(log)).toEqual([expect.objectContaining({ message: 'stuck' })])
  })

  it('SV-08 asks nobody to catch what becomes of a move', async () => {
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    const service = new Probe('db', [], { stop: () => Promise.reject(new Error('stuck')) })
    const from = new MultiService({ log: recorder() }, [service])
    void from.startService()
    void service.setServiceParent(new MultiService())
    await realTurn()
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })

  it('stays where it is when it is given the parent it has', () => {
    const journal: string[] = []
    const [first, second] = [new Probe('first', journal), new Probe('second', journal)]
    const parent = new MultiService({}, [first, second])
    void parent.startService()
    expect(first.setServiceParent(parent)).toBeUndefined()
    expect([...parent]).toEqual([first, second])
    expect(journal).toEqual(['start first', 'start second'])
  })

  it('SV-09 sees its parent in its start', () => {
    let seen: unknown
    const service: Service = new Probe('db', [], { start: () => void (seen = service.parent) })
    const parent = new MultiService()
    void parent.startService()
    void service.setServiceParent(parent)
    expect(seen).toBe(parent)
  })

  it('SV-10 has no parent when the collection refuses it, and keeps the one it had', () => {
    const taken = new MultiService({}, [new Service({ name: 'db' })])
    const service = new Service({ name: 'db' })
    const before = new MultiService({}, [service])
    void before.startService()
    expect(() => service.setServiceParent(taken)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DUPLICATE_SERVICE' }),
    )
    expect(service.parent).toBe(before)
    expect(service.running).toBe(true)
    const orphan = new Service({ name: 'db' })
    expect(() => orphan.setServiceParent(taken)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DUPLICATE_SERVICE' }),
    )
    expect(orphan.parent).toBeUndefined()
    expect(orphan.disownServiceParent()).toBeUndefined()
  })

  it('SV-10 has no parent when a collection of another kind throws', () => {
    const service = new Service()
    const parent = {
      addService() {
        throw new Error('full')
      },
      removeService() {},
      getServiceNamed() {},
    }
    expect(() => service.setServiceParent(parent as never)).toThrow('full')
    expect(service.parent).toBeUndefined()
  })

  it('SV-11 is stopped by leaving a running parent, which yields its stop', async () => {
    const stopping = gate()
    const journal: string[] = []
    const service = new Probe('db', journal, { stop: () => stopping.promise })
    const parent = new MultiService({}, [service])
    void parent.startService()
    const left = service.disownServiceParent()
    expect([...parent]).toEqual([])
    expect(await outcome(left)).toBe('pending')
    stopping.open()
    await left
    expect(journal).toEqual(['start db', 'stop db'])
  })

  it('SV-11 leaves a parent that is not running without a stop', () => {
    const journal: string[] = []
    const service = new Probe('db', journal)
    const parent = new MultiService({}, [service])
    expect(service.disownServiceParent()).toBeUndefined()
    expect([...parent]).toEqual([])
    expect(journal).toEqual([])
  })

  it('SV-12 can be disowned without a parent', () => {
    expect(new Service().disownServiceParent()).toBeUndefined()
  })

  it('SV-13 has no parent from the moment it is disowned, while it still stops', async () => {
    const stopping = gate()
    const service = new Probe('db', [], { stop: () => stopping.promise })
    const parent = new MultiService({}, [service])
    void parent.startService()
    const left = service.disownServiceParent()
    expect(service.parent).toBeUndefined()
    expect(service.state).toBe('stopping')
    stopping.open()
    await left
  })

  it('SV-14 LG-17 LG-22 has a JSON form without running, and without what a subclass lists', () => {
    class Web extends Service {
      address = '127.0.0.1'
      port: object | undefined = undefined
      protected override onStart(): void {
        this.port = { fd: 7 }
      }
      protected override volatile(): readonly string[] {
        return [...super.volatile(), 'port']
      }
    }
    const web = new Web({ name: 'web' })
    void new MultiService({ name: 'app' }, [web]).startService()
    expect(web.port).toBeDefined()
    expect(JSON.parse(JSON.stringify(web))).toEqual({ name: 'web', address: '127.0.0.1' })
  })

  it('SV-14 LG-17 leaves out a property called running of a subclass', () => {
    class Old extends Service {
      override get running(): boolean {
        return true
      }
    }
    const old = new Old()
    Object.defineProperty(old, 'running', { value: true, enumerable: true })
    expect(old.toJSON()).toEqual({ name: undefined })
  })

  it('gives a hook a signal and what the service inherits', () => {
    const clock = new Clock()
    let seen: object | undefined
    const service = new Probe(
      'db',
      [],
      { start: (hook) => void (seen = { ...hook.context, signal: hook.signal }) },
      { clock },
    )
    void service.startService()
    expect(seen).toMatchObject({ signal: { aborted: false } })
    expect(differing(seen!, { clock, reactor: service.context.reactor })).toEqual([])
  })

  it('tells its own deadlines in seconds', () => {
    const service = new Service({ startTimeout: '250ms', stopTimeout: '1m' })
    expect([service.startTimeout, service.stopTimeout]).toEqual([0.25, 60])
    expect([new Service().startTimeout, new Service().stopTimeout]).toEqual([undefined, undefined])
  })

  it('stops when it is disposed of', async () => {
    const journal: string[] = []
    {
      await using service = new Probe('db', journal, { stop: async () => {} })
      void service.startService()
    }
    expect(journal).toEqual(['start db', 'stop db'])
  })

  it('tells a listener each state inside the call that changes it, until it is taken away', () => {
    const service = new Service()
    const seen: unknown[] = []
    const forget = service.onStateChange((state, who) => seen.push([state, who === service, service.state]))
    void service.startService()
    expect(seen).toEqual([
      ['starting', true, 'starting'],
      ['running', true, 'running'],
    ])
    forget()
    void service.stopService()
    expect(seen.length).toBe(2)
  })

  it('tells each listener the states in order, also those that another one brings about', () => {
    const service = new Service()
    const before = statesOf(service)
    const forget = service.onStateChange((state) => {
      if (state !== 'running') return
      forget()
      void service.stopService()
      expect(service.state).toBe('stopped')
    })
    const after = statesOf(service)
    void service.startService()
    expect(before).toEqual(['starting', 'running', 'stopping', 'stopped'])
    expect(after).toEqual(before)
  })

  it('tells the same listener twice when it was added twice', () => {
    const service = new Service()
    let count = 0
    const listener = () => count++
    service.onStateChange(listener)
    const forget = service.onStateChange(listener)
    void service.startService()
    expect(count).toBe(4)
    forget()
    void service.stopService()
    expect(count).toBe(6)
  })

  it('logs what a listener throws, and goes on', () => {
    const log = recorder()
    const service = new Service({ name: 'db', log })
    service.onStateChange(() => {
      throw new Error('listener')
    })
    const states = statesOf(service)
    void service.startService()
    expect(states).toEqual(['starting', 'running'])
    expect(errorsOf(log)).toEqual([new Error('listener'), new Error('listener')])
  })

  it.each(['startService', 'stopService', 'fail'] as const)(
    'lets a listener of each state call %s',
    async (method) => {
      for (const on of ['starting', 'running', 'stopping'] as const) {
        const service = new Service({ log: recorder() })
        let called = false
        service.onStateChange((state) => {
          if (state !== on || called) return
          called = true
          if (method === 'fail') service.fail(new Error('from a listener'))
          else Promise.resolve(service[method]()).catch(() => {})
        })
        await Promise.resolve(service.startService()).catch(() => {})
        await service.stopService()
        await realTurn()
        expect(called).toBe(true)
        const restarted = method === 'startService' && on === 'stopping'
        expect(service.state).toBe(
          restarted ? 'running' : method === 'fail' && on === 'starting' ? 'failed' : 'stopped',
        )
        expect(service.running).toBe(restarted)
      }
    },
  )

  it('lets the last word win when a listener of the end starts again: after a stop that waited', async () => {
    const journal: string[] = []
    const service = new Probe('db', journal, {
      start: ({ signal }) =>
        new Promise((resolve, reject) => {
          setImmediate(resolve)
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        }),
    })
    let again: Promise<unknown> | undefined
    const forget = service.onStateChange((state) => {
      if (state !== 'stopped') return
      forget()
      again = outcome(service.startService())
    })
    const started = service.startService()
    const stopped = service.stopService()
    expect(await outcomes(started, stopped)).toEqual([expect.any(CancelledError), 'done'])
    await again
    await realTurn()
    expect(service).toMatchObject({ state: 'running', running: true })
    expect(journal).toEqual(['start db', 'start db'])
  })

  it('starts once when a listener of the end starts again what is to start again', async () => {
    const journal: string[] = []
    const bodies = { start: () => realTurn(), stop: () => realTurn() }
    const service = new Probe('db', journal, bodies)
    await service.startService()
    const again: Promise<unknown>[] = []
    const forget = service.onStateChange((state) => {
      if (state !== 'stopped') return
      forget()
      again.push(outcome(service.startService()))
      bodies.start = () => Promise.reject(new Error('no'))
    })
    const stopped = service.stopService()
    again.push(outcome(service.startService()))
    await stopped
    await realTurn()
    expect(service).toMatchObject({ state: 'failed', running: false })
    expect(journal).toEqual(['start db', 'stop db', 'start db'])
    expect(again.length).toBe(2)
  })

  it('starts again what a listener starts when it has failed to start', async () => {
    for (const hook of ['privileged', 'start'] as const) {
      const bodies: Bodies = { [hook]: () => Promise.reject(new Error('no')) }
      const service = new Probe('db', [], bodies)
      let again: Promise<unknown> | undefined
      const forget = service.onStateChange((state) => {
        if (state !== 'failed') return
        forget()
        delete bodies[hook]
        again = outcome(service.startService())
      })
      const first = outcomes(service.privilegedStartService(), service.startService())
      expect((await first).at(-1)).toEqual(new Error('no'))
      await again
      expect(service).toMatchObject({ state: 'running', running: true })
    }
  })

  it('logs a failure that a listener reports when the service has failed to start', async () => {
    const log = recorder()
    const service = new Probe('db', [], { start: () => Promise.reject(new Error('no')) }, { log })
    service.onStateChange((state) => {
      if (state === 'failed') service.fail(new Error('more'))
    })
    expect(await outcome(service.startService())).toEqual(new Error('no'))
    expect(errorsOf(log)).toEqual([new Error('more')])
  })

  it('has nothing to stop when a listener of the end stops it, and drops a start that waits', async () => {
    for (const [stop, end] of [
      [() => realTurn(), 'stopped'],
      [() => Promise.reject(new Error('stuck')), 'failed'],
    ] as const) {
      const journal: string[] = []
      const service = new Probe('db', journal, { stop })
      void service.startService()
      const results: unknown[] = []
      service.onStateChange((state) => {
        if (state === end) results.push(service.stopService())
      })
      const stopped = outcome(service.stopService())
      const again = outcome(service.startService())
      await Promise.all([stopped, again])
      await realTurn()
      expect(results).toEqual([undefined])
      expect(journal).toEqual(['start db', 'stop db'])
      expect(service).toMatchObject({ state: end, running: false })
    }
  })

  it('calls no hook of a start that a listener stops', async () => {
    const journal: string[] = []
    const service = new Probe('db', journal)
    service.onStateChange((state) => {
      if (state === 'starting') void service.stopService()
    })
    await expect(service.startService()).rejects.toBeInstanceOf(CancelledError)
    expect(journal).toEqual([])
    expect(service.state).toBe('stopped')
  })

  it('a service of another copy of the package is no service of this one', () => {
    expect(lifecycleOf(new Service())).toBeDefined()
    expect(lifecycleOf(new Bare('other', []))).toBeUndefined()
  })

  it('cancels a start without a need to catch it', async () => {
    const starting = gate()
    const service = new Probe('db', [], { start: () => starting.promise })
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    void service.startService()
    const stopped = service.stopService()
    starting.open()
    await stopped
    await realTurn()
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })

  it('rejects with CancelledError when a hook that was given up throws something else', async () => {
    const starting = gate()
    const service = new Probe('db', [], { start: () => starting.promise })
    const started = service.startService()
    const stopped = service.stopService()
    starting.fail(new Error('interrupted'))
    await expect(started).rejects.toBeInstanceOf(CancelledError)
    await stopped
    expect(service.state).toBe('stopped')
  })
})
