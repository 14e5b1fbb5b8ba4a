/** A service that goes the short way by itself, beside one that goes by the book. */
import { Clock, channels, realTurn, setGlobalReactor } from '@sennit/runtime'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Kind } from '../src/hook.ts'
import { type HookContext, MultiService, Service, type ServiceOptions } from '../src/index.ts'
import { Transition } from '../src/transition.ts'
import { gate, outcome, Probe, recorder } from './kit.ts'

type Note = (what: string, value: unknown) => void
type Deed = (service: Service, hook: HookContext, note: Note) => void | Promise<void>

function notePromise(note: Note, what: string, promise: void | Promise<void>): void {
  note(`${what} returns`, promise === undefined ? 'nothing' : 'a promise')
  void promise?.then(
    () => note(what, 'done'),
    (error: Error) => note(what, String(error)),
  )
}

function runningParent(name: string): MultiService {
  const parent = new MultiService({ name })
  void parent.startService()
  return parent
}

/** What a hook may do with its own service. */
const DEEDS: Readonly<Record<string, Deed>> = {
  'does nothing': () => {},
  'returns what is no promise': () => 'ready' as never,
  'returns a promise': () => realTurn(),
  'returns a promise that is settled': async () => {},
  throws: () => {
    throw new Error('no')
  },
  'returns a promise that rejects': () => Promise.reject(new Error('no')),
  'reads the signal': ({ path }, { signal }, note) => note(path, signal.aborted),
  'reads the signal afterwards': async (_, hook, note) => {
    await realTurn()
    note('signal', hook.signal.aborted)
  },
  'keeps what it is given': (_, hook, note) => {
    setImmediate(() => note('signal', hook.signal.aborted))
  },
  'reads the signal, and stops the service': (service, { signal }, note) => {
    notePromise(note, 'own stop', service.stopService())
    note('signal', signal.aborted)
  },
  'starts the service': (service, _, note) => notePromise(note, 'own start', service.startService()),
  'starts the service with a deadline': (service, _, note) => {
    notePromise(note, 'own start', service.startService({ timeout: 1 }))
    return realTurn()
  },
  'starts the service with a signal that is aborted then': (service, _, note) => {
    const controller = new AbortController()
    notePromise(note, 'own start', service.startService({ signal: controller.signal }))
    controller.abort(new Error('enough'))
    return realTurn()
  },
  'starts the service privileged': (service, _, note) =>
    notePromise(note, 'own start', service.privilegedStartService()),
  'stops the service': (service, _, note) => notePromise(note, 'own stop', service.stopService()),
  'stops the service, and returns a promise': (service, _, note) => {
    notePromise(note, 'own stop', service.stopService())
    return realTurn()
  },
  'stops and starts the service': (service, _, note) => {
    notePromise(note, 'own stop', service.stopService())
    notePromise(note, 'own start', service.startService())
  },
  'starts and stops the service': (service, _, note) => {
    notePromise(note, 'own start', service.startService())
    notePromise(note, 'own stop', service.stopService())
  },
  'makes the service fail': (service) => service.fail(new Error('broken')),
  'makes the service fail, and throws': (service) => {
    service.fail(new Error('broken'))
    throw new Error('no')
  },
  'listens to the states': (service, _, note) => {
    service.onStateChange((state) => note('listener', state))
  },
  'has the states heard': (service, _, note) => {
    const listener = ({
      service: of,
      state,
      previous,
    }: {
      service: object
      state: string
      previous: string
    }) => {
      if (of === service) note('channel', [previous, state])
    }
    channels.serviceState.subscribe(listener)
    setImmediate(() => channels.serviceState.unsubscribe(listener))
  },
  'gives the service a parent': (service, _, note) =>
    notePromise(note, 'parent', service.setServiceParent(new MultiService({ name: 'idle' }))),
  'gives the service a parent that runs': (service, _, note) => {
    const parent = runningParent('running')
    notePromise(note, 'parent', service.setServiceParent(parent))
  },
  'gives the service a parent that is prepared': (service, _, note) => {
    const parent = new MultiService({ name: 'prepared' })
    void parent.privilegedStartService()
    notePromise(note, 'parent', service.setServiceParent(parent))
    notePromise(note, 'parent starts', parent.startService())
  },
  'gives the service a parent that stops then': (service, _, note) => {
    const parent = runningParent('stopping')
    notePromise(note, 'parent', service.setServiceParent(parent))
    notePromise(note, 'parent stops', parent.stopService())
  },
  'gives the service a parent that is starting': (service, _, note) => {
    const busy = gate()
    const parent = new MultiService({ name: 'starting' }, [
      new Probe('busy', [], { start: () => busy.promise }),
    ])
    notePromise(note, 'parent starts', parent.startService())
    notePromise(note, 'parent', service.setServiceParent(parent))
    setImmediate(busy.open)
  },
  'takes the service away from a parent again': (service, _, note) => {
    const parent = runningParent('running')
    notePromise(note, 'parent', service.setServiceParent(parent))
    notePromise(note, 'no parent', service.disownServiceParent())
  },
  'starts and stops others that go by themselves': (_, __, note) => {
    const journal: string[] = []
    const inner = new Probe('inner', journal, { start: () => void new Probe('x', journal).startService() })
    notePromise(note, 'inner start', inner.startService())
    notePromise(note, 'inner stop', inner.stopService())
    note('inner', journal)
  },
  'changes the reactor of the process': (service, { context }, note) => {
    setGlobalReactor(new Clock())
    note('context', service.context === context)
  },
  'reads the context': (service, { context }, note) => {
    note('context', [service.context === context, Object.keys(context)])
  },
}

/** All that can be seen from outside, while a service is started and stopped, and one of its hooks does something once. */
async function trace(kind: Kind, deed: Deed, options: ServiceOptions, rests: boolean): Promise<unknown[]> {
  const seen: unknown[] = []
  const note: Note = (what, value) => {
    const { state, running, lastError, path } = service
    seen.push([what, value, state, running, lastError?.message, path])
  }
  let done = false
  const body = (of: Kind) => (hook: HookContext) => {
    note(`${of} hook`, hook.context === service.context)
    if (of !== kind || done) return undefined
    done = true
    return deed(service, hook, note)
  }
  const bodies = { privileged: body('privileged'), start: body('start'), stop: body('stop') }
  let restarts = 1
  class Resting extends Probe {
    protected override onRest(): void {
      note('rests', this.startExpected)
      if (restarts-- > 0) notePromise(note, 'start of who rests', this.startService())
    }
  }
  const service = new (rests ? Resting : Probe)('db', [], bodies, options)
  const calls = [
    'privilegedStartService',
    'startService',
    'stopService',
    'startService',
    'stopService',
  ] as const
  for (const call of calls) {
    const result = service[call]()
    notePromise(note, call, result)
    note(`after ${call}`, await Promise.resolve(outcome(result)).then(String))
    await realTurn()
    note('later', service.since !== undefined)
    setGlobalReactor(undefined)
  }
  return seen
}

const BY_THE_BOOK = { stopTimeout: Infinity }

describe('A service that goes the short way by itself', () => {
  const written: string[] = []
  beforeEach(() => {
    written.length = 0
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0)
  })
  afterEach(() => {
    setGlobalReactor(undefined)
    vi.restoreAllMocks()
  })

  const rows = Object.entries(DEEDS).flatMap(([title, deed]) =>
    (['privileged', 'start', 'stop'] as const).map((kind) => ({ title, kind, deed })),
  )

  it.each(rows)('is as by the book when its $kind hook $title', async ({ kind, deed }) => {
    for (const rests of [false, true]) {
      const alone = vi.spyOn(Transition, 'alone')
      const byTheBook = await trace(kind, deed, BY_THE_BOOK, rests)
      expect(alone.mock.calls.length).toBe(othersIn(deed))
      const logged = written.length
      alone.mockClear()
      const short = await trace(kind, deed, {}, rests)
      expect(alone.mock.calls.length).toBeGreaterThan(othersIn(deed))
      expect(short).toEqual(byTheBook)
      expect(written.length).toBe(2 * logged)
      written.length = 0
      alone.mockRestore()
    }
  })

  it('starts and stops inside the calls, also without any hook', () => {
    const service = new Service()
    expect(service.privilegedStartService()).toBeUndefined()
    expect(service).toMatchObject({ state: 'starting', running: false })
    expect(service.startService()).toBeUndefined()
    expect(service).toMatchObject({ state: 'running', running: true })
    expect(service.stopService()).toBeUndefined()
    expect(service).toMatchObject({ state: 'stopped', running: false })
  })

  it('gives each hook that asks a signal of its own, also where many wait at once', async () => {
    const signals: AbortSignal[] = []
    const start = async ({ signal }: HookContext) => {
      signals.push(signal)
      await realTurn()
    }
    const services = Array.from({ length: 20 }, (_, i) => new Probe(`s${i}`, [], { start }))
    const started = services.map((service) => service.startService())
    const stopped = services.slice(0, 10).map((service) => service.stopService())
    await Promise.all([...started.slice(10), ...stopped])
    expect(new Set(signals).size).toBe(20)
    expect(signals.map(({ aborted }) => aborted)).toEqual([...Array(10).fill(true), ...Array(10).fill(false)])
    expect(services.map(({ running }) => running)).toEqual([
      ...Array(10).fill(false),
      ...Array(10).fill(true),
    ])
  })

  it.each([
    ['has options', () => new Probe('db', [], {}, BY_THE_BOOK)],
    [
      'has a listener',
      () => {
        const service = new Probe('db', [])
        service.onStateChange(() => {})
        return service
      },
    ],
    ['has a log that shows all', () => new Probe('db', [], {}, { log: recorder() })],
    ['is a collection', () => new MultiService({}, [])],
    [
      'has a parent',
      () => {
        const service = new Probe('db', [])
        new MultiService({}, [service])
        return service
      },
    ],
    [
      'has a parent of another kind',
      () => {
        const service = new Probe('db', [])
        void service.setServiceParent({
          addService() {},
          removeService() {},
          getServiceNamed: () => service,
        } as never)
        return service
      },
    ],
  ])('leaves it to the book when it %s', (_, make) => {
    const alone = vi.spyOn(Transition, 'alone')
    const service = make()
    void service.startService()
    expect(service.state).toBe('running')
    void service.stopService()
    expect(service.state).toBe('stopped')
    expect(alone).not.toHaveBeenCalled()
  })
})

/** How often a deed has others go by themselves. */
function othersIn(deed: Deed): number {
  return deed === DEEDS['starts and stops others that go by themselves'] ? 3 : 0
}
