import { Clock, realTurn } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { type HookContext, MultiService, Service } from '../src/index.ts'
import { type Bodies, type Gate, gate, outcome, outcomes, Probe, recorder, statesOf } from './kit.ts'

const ORDERS = ['sequence', 'together'] as const

/** How a child may look that is one of many; all must go the same way. */
const KINDS: Record<string, (name: string, journal: string[], bodies?: Bodies) => Service> = {
  plain: (name, journal, bodies) => new Probe(name, journal, bodies),
  'with options': (name, journal, bodies) => new Probe(name, journal, bodies, { stopTimeout: Infinity }),
  watched: (name, journal, bodies) => {
    const probe = new Probe(name, journal, bodies)
    statesOf(probe)
    return probe
  },
  'a collection': (name, journal, bodies) => {
    const group = new MultiService({}, [new Probe(name, journal, bodies)])
    return group
  },
}

describe.each(ORDERS)('A walk in %s', (order) => {
  describe.each(Object.entries(KINDS))('over children that are %s', (_, make) => {
    it('starts and stops them, again and again', async () => {
      for (const body of [() => {}, async () => {}, () => realTurn()]) {
        const journal: string[] = []
        const bodies = { privileged: body, start: body, stop: body }
        const app = new MultiService(
          { order },
          ['a', 'b', 'c'].map((name) => make(name, journal, bodies)),
        )
        for (let round = 0; round < 3; round++) {
          journal.length = 0
          await app.privilegedStartService()
          await app.startService()
          expect([...app].map(({ running }) => running)).toEqual([true, true, true])
          await app.stopService()
          expect([...app].map(({ running }) => running)).toEqual([false, false, false])
          expect(journal.map((entry) => entry.slice(0, 2) + entry.at(-1))).toEqual(
            'pra prb prc sta stb stc stc stb sta'.split(' '),
          )
        }
      }
    })

    it('undoes them when the last one does not start', async () => {
      for (const body of [() => {}, async () => {}]) {
        const journal: string[] = []
        const bad = new Probe('bad', journal, { start: () => Promise.reject(new Error('no')) })
        const children = ['a', 'b'].map((name) => make(name, journal, { start: body, stop: body }))
        const app = new MultiService({ order }, [...children, bad])
        expect(await outcome(app.startService())).toMatchObject({ message: 'MultiService/bad: no' })
        expect(journal).toEqual(['start a', 'start b', 'start bad', 'stop b', 'stop a'])
      }
    })

    it('starts the one again whose stop hook asks for it', async () => {
      for (const body of [() => {}, async () => {}]) {
        const journal: string[] = []
        const restarted: unknown[] = []
        const stop = () => {
          if (restarted.length === 0) restarted.push(probe.startService())
          return body()
        }
        const probe = make('a', journal, { start: body, stop })
        const app = new MultiService({ order }, [probe])
        await app.startService()
        await app.stopService()
        await Promise.all(restarted)
        expect(journal).toEqual(['start a', 'stop a', 'start a'])
        expect([probe.state, probe.running]).toEqual(['running', true])
      }
    })

    it('gives up the one that is starting when it is stopped', async () => {
      const journal: string[] = []
      const starting = gate()
      let signal: AbortSignal | undefined
      const start = (hook: HookContext) => {
        signal = hook.signal
        return starting.promise
      }
      const app = new MultiService({ order }, [make('a', journal), make('b', journal, { start })])
      const started = app.startService()
      const stopped = app.stopService()
      expect(signal!.aborted).toBe(true)
      starting.open()
      expect(await outcomes(started, stopped)).toEqual([
        expect.objectContaining({ code: 'ABORT_ERR' }),
        'done',
      ])
      expect(journal).toEqual(['start a', 'start b', 'stop b', 'stop a'])
    })

    it('gives each hook that reads it at once a signal of its own', async () => {
      for (const then of [() => {}, () => realTurn()]) {
        const signals: AbortSignal[] = []
        const read = (hook: HookContext) => {
          signals.push(hook.signal)
          return then()
        }
        const app = new MultiService(
          { order },
          ['a', 'b', 'c'].map((name) => make(name, [], { privileged: read, start: read, stop: read })),
        )
        await app.privilegedStartService()
        await app.startService()
        await app.stopService()
        expect(signals.length).toBe(9)
        expect(new Set(signals).size).toBe(9)
        expect(signals.some(({ aborted }) => aborted)).toBe(false)
      }
    })

    it('is in the state of its transition in its own hooks', async () => {
      const states: string[] = []
      const children: Service[] = []
      const note = () => {
        const [child] = children
        states.push(`${child!.state} ${child!.running}`)
      }
      children.push(make('a', [], { privileged: note, start: note, stop: note }))
      const app = new MultiService({ order }, children)
      void app.privilegedStartService()
      void app.startService()
      void app.stopService()
      expect(states).toEqual(['starting false', 'starting true', 'stopping false'])
    })

    it('reads the signal of each hook apart, also afterwards', async () => {
      const hooks: HookContext[] = []
      const keep = async (hook: HookContext) => void hooks.push(hook)
      const app = new MultiService(
        { order },
        ['a', 'b'].map((name) => make(name, [], { start: keep, stop: keep })),
      )
      await app.startService()
      await app.stopService()
      const again = app.startService()
      const stopped = app.stopService()
      const signals = hooks.map(({ signal }) => signal)
      expect(new Set(signals).size).toBe(hooks.length)
      expect(signals.slice(0, 4).map(({ aborted }) => aborted)).toEqual([false, false, false, false])
      expect(signals.slice(4).every(({ aborted }) => aborted)).toBe(true)
      expect(signals.length).toBe(order === 'sequence' ? 5 : 6)
      await outcomes(again, stopped)
    })
  })

  it('lets somebody join a child that is starting, and tells both', async () => {
    const starting = gate()
    const child = new Probe('a', [], { start: () => starting.promise })
    const app = new MultiService({ order }, [child, new Probe('b', [])])
    const started = app.startService()
    const joined = child.startService()
    expect(await outcomes(started, joined)).toEqual(['pending', 'pending'])
    starting.open()
    expect(await outcomes(started, joined)).toEqual(['done', 'done'])
  })

  it('stops a child that somebody stops while it starts, and does not start', async () => {
    const starting = gate()
    const journal: string[] = []
    const child = new Probe('b', journal, { start: () => starting.promise })
    const app = new MultiService({ name: 'app', order }, [new Probe('a', journal), child])
    const started = app.startService()
    const stopped = child.stopService()
    starting.open()
    expect(await outcomes(started, stopped)).toEqual([
      expect.objectContaining({ path: 'app/b', code: 'ABORT_ERR' }),
      'done',
    ])
    expect(journal).toEqual(['start a', 'start b', 'stop b', 'stop a'])
  })

  it('tells the states of a child to whom listens while it is starting', async () => {
    const starting = gate()
    const child = new Probe('a', [], { start: () => starting.promise })
    const app = new MultiService({ order }, [child])
    const started = app.startService()
    const states = statesOf(child)
    starting.open()
    await started
    expect(states).toEqual(['running'])
  })

  it('stamps each child when it has started', async () => {
    let now = 100
    const reactor = Object.assign(new Clock(), { now: () => now })
    const gates: Gate[] = []
    const start = () => {
      const next = gate()
      gates.push(next)
      return next.promise
    }
    const children = [new Probe('a', [], { start }), new Probe('b', [])]
    const app = new MultiService({ order, reactor }, children)
    const started = app.startService()
    now = 107
    gates[0]!.open()
    await started
    expect(children.map(({ since }) => since)).toEqual(order === 'sequence' ? [107, 107] : [107, 100])
    expect(app.since).toBe(107)
  })

  it('goes on from a child that starts, stops and leaves others in its hooks', async () => {
    const journal: string[] = []
    const rest = ['b', 'c', 'd', 'e'].map((name) => new Probe(name, journal))
    const a = new Probe('a', journal, {
      start: async () => {
        await rest[1]!.startService()
        await rest[0]!.disownServiceParent()
        await Promise.resolve()
        await rest[2]!.disownServiceParent()
      },
    })
    const app = new MultiService({ order }, [a, ...rest])
    await app.startService()
    const left = [...app].map(({ name }) => name)
    expect(left).toEqual(['a', 'c', 'e'])
    expect([...app].every(({ running }) => running)).toBe(true)
    expect(rest.map(({ running }) => running)).toEqual([false, true, false, true])
    await app.stopService()
    for (const probe of [a, ...rest]) {
      const starts = journal.filter((entry) => entry === `start ${probe.name}`).length
      const stops = journal.filter((entry) => entry === `stop ${probe.name}`).length
      expect([probe.name, starts - stops]).toEqual([probe.name, 0])
    }
  })

  it('starts a child privileged once that was so before', () => {
    const journal: string[] = []
    const child = new Probe('a', journal)
    void child.privilegedStartService()
    const app = new MultiService({ order }, [child])
    void app.privilegedStartService()
    void app.startService()
    expect(journal).toEqual(['privileged a', 'start a'])
  })

  it('keeps trees apart that start one another', () => {
    const journal: string[] = []
    const inner = new MultiService({ order }, [new Probe('x', journal), new Probe('y', journal)])
    const outer = new MultiService({ order }, [
      new Probe('a', journal, { start: () => inner.startService(), stop: () => inner.stopService() }),
      new Probe('b', journal),
    ])
    expect(outer.startService()).toBeUndefined()
    expect(journal).toEqual(['start a', 'start x', 'start y', 'start b'])
    journal.length = 0
    expect(outer.stopService()).toBeUndefined()
    expect(journal).toEqual(['stop b', 'stop a', 'stop y', 'stop x'])
  })

  it('does nothing for services without hooks but to follow their states', async () => {
    const children = [new Service(), new Service()]
    const app = new MultiService({ order }, children)
    expect(app.privilegedStartService()).toBeUndefined()
    expect(children.map(({ state, running }) => [state, running])).toEqual([
      ['starting', false],
      ['starting', false],
    ])
    expect(app.startService()).toBeUndefined()
    expect(children.map(({ state }) => state)).toEqual(['running', 'running'])
    expect(app.stopService()).toBeUndefined()
    expect(children.map(({ state }) => state)).toEqual(['stopped', 'stopped'])
  })
})

describe.each(ORDERS)('A walk in %s, past a child whose listener ends its stop inside the call', (order) => {
  /** An application whose child, a collection, waits for its own child, and is done as soon as that leaves. */
  function setUp(stop: () => void) {
    const busy = gate()
    const journal: string[] = []
    const leaf = new Probe('leaf', [], { start: () => busy.promise })
    void leaf.startService()
    void leaf.stopService()
    class Group extends MultiService {
      protected override onPrivilegedStart(): void {}
      protected override onStop(): void {
        journal.push('stop group')
        stop()
      }
    }
    const group = new Group({ name: 'group' }, [leaf])
    group.onStateChange((state) => {
      if (state === 'stopping') void leaf.disownServiceParent()
    })
    const app = new MultiService({ name: 'app', order, log: recorder() }, [new Probe('next', journal), group])
    const prepared = group.privilegedStartService()
    const started = app.startService()
    const stopped = app.stopService()
    return { busy, journal, app, group, all: outcomes(prepared, started, stopped) }
  }

  it('goes on, and waits for nothing', async () => {
    const { busy, journal, app, group, all } = setUp(() => {})
    const [prepared, started, stopped] = await all
    expect([prepared, started]).toMatchObject([{ code: 'ABORT_ERR' }, { code: 'ABORT_ERR' }])
    expect(stopped).toBe('done')
    expect(journal).toEqual(['start next', 'stop group', 'stop next'])
    expect([app.state, group.state]).toEqual(['stopped', 'stopped'])
    busy.open()
    await realTurn()
  })

  it('tells that it has failed', async () => {
    const { busy, app, all } = setUp(() => {
      throw new Error('stuck')
    })
    const [, , stopped] = await all
    expect(stopped).toMatchObject({ errors: [{ path: 'app/group', message: 'app/group: stuck' }] })
    expect(app.state).toBe('failed')
    busy.open()
    await realTurn()
  })
})
