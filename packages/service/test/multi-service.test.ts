import type { IService } from '@sennit/interfaces'
import { CancelledError, Clock, realTurn } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { type HookContext, MultiService, Service } from '../src/index.ts'
import { Bare, type Bodies, errorsOf, type Gate, gate, outcome, outcomes, Probe, recorder } from './kit.ts'

const names = (services: Iterable<IService>) => [...services].map(({ name }) => name)

const unknown = expect.objectContaining({ code: 'ERR_SENNIT_UNKNOWN_SERVICE' })

function three(bodies: (name: string) => object = () => ({})) {
  const journal: string[] = []
  const children = ['a', 'b', 'c'].map((name) => new Probe(name, journal, bodies(name)))
  return { journal, children }
}

describe('MultiService as a collection', () => {
  it('MS-01 yields its children in the order in which they were added', () => {
    const app = new MultiService({}, [new Service({ name: 'a' })])
    void app.addService(new Service({ name: 'b' }))
    void new Service({ name: 'c' }).setServiceParent(app)
    expect(names(app)).toEqual(['a', 'b', 'c'])
  })

  it('yields its children as they were, while they change', () => {
    const { children } = three()
    const app = new MultiService({}, children)
    const seen: unknown[] = []
    for (const child of app) {
      seen.push(child.name)
      void child.disownServiceParent()
    }
    expect(seen).toEqual(['a', 'b', 'c'])
    expect([...app]).toEqual([])
  })

  it('MS-02 MS-26 finds a direct child by its name, and throws for an unknown one', () => {
    const below = new Service({ name: 'below' })
    const group = new MultiService({ name: 'group' }, [below])
    const app = new MultiService({ name: 'app' }, [group])
    expect(app.getServiceNamed('group')).toBe(group)
    for (const name of ['below', 'toString', '__proto__', '']) {
      expect(() => app.getServiceNamed(name)).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_UNKNOWN_SERVICE', service: name }),
      )
    }
  })

  it('MS-03 refuses a second child of the same name, and is unchanged', () => {
    const first = new Service({ name: 'db' })
    const second = new Service({ name: 'db' })
    const app = new MultiService({ name: 'app' }, [first])
    expect(() => app.addService(second)).toThrow(
      expect.objectContaining({
        code: 'ERR_SENNIT_DUPLICATE_SERVICE',
        service: 'db',
        message: "Cannot add a service to 'app': it has a service named 'db' already",
      }),
    )
    expect([...app]).toEqual([first])
    expect(app.getServiceNamed('db')).toBe(first)
    expect(second.parent).toBeUndefined()
    expect(() => app.addService(new Bare('db', []))).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DUPLICATE_SERVICE' }),
    )
    expect([...app]).toEqual([first])
  })

  it('refuses the same child twice', () => {
    const bare = new Bare('bare', [])
    const app = new MultiService({}, [bare])
    bare.name = undefined
    expect(() => app.addService(bare)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DUPLICATE_SERVICE' }),
    )
    expect([...app]).toEqual([bare])
  })

  it('gives a child that is added directly its parent, and takes it from one that is removed directly', () => {
    const app = new MultiService()
    const child = new Service()
    void app.addService(child)
    expect(child.parent).toBe(app)
    void app.removeService(child)
    expect(child.parent).toBeUndefined()
    expect([...app]).toEqual([])
  })

  it('MS-17 throws when it is to remove what it does not have', () => {
    const app = new MultiService({ name: 'app' })
    for (const service of [new Service(), new Bare('x', [])]) {
      expect(() => app.removeService(service)).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_UNKNOWN_SERVICE' }),
      )
    }
  })

  it('MS-18 keeps its child of the same name when it is to remove another', () => {
    const mine = new Service({ name: 'db' })
    const app = new MultiService({}, [mine])
    const other = new Service({ name: 'db' })
    new MultiService({}, [other])
    for (const stranger of [new Service({ name: 'db' }), new Bare('db', []), other]) {
      expect(() => app.removeService(stranger)).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_UNKNOWN_SERVICE', service: 'db' }),
      )
    }
    expect(app.getServiceNamed('db')).toBe(mine)
    expect([...app]).toEqual([mine])
  })

  it('MS-19 takes the empty name for a name', () => {
    const child = new Service({ name: '' })
    const app = new MultiService({}, [child])
    expect(app.getServiceNamed('')).toBe(child)
    expect(() => app.addService(new Service({ name: '' }))).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DUPLICATE_SERVICE' }),
    )
    void child.disownServiceParent()
    expect(() => app.getServiceNamed('')).toThrow(unknown)
    void app.addService(new Service({ name: '' }))
  })

  it('refuses to be below itself', () => {
    const root = new MultiService({ name: 'root' })
    const middle = new MultiService({ name: 'middle' }, [])
    const low = new MultiService({ name: 'low' })
    void middle.setServiceParent(root)
    void low.setServiceParent(middle)
    for (const [child, parent] of [
      [root, root],
      [root, low],
      [middle, low],
    ] as const) {
      expect(() => child.setServiceParent(parent)).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_SERVICE_PARENT' }),
      )
    }
    expect([root.parent, middle.parent, low.parent]).toEqual([undefined, root, middle])
    expect(() => root.addService({} as never)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_SERVICE_PARENT' }),
    )
  })

  it('refuses an order that it does not know', () => {
    expect(() => new MultiService({ order: 'reverse' as never })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_SERVICE_OPTION', option: 'order' }),
    )
  })
})

describe('MultiService, start and stop', () => {
  it('MS-04 MS-07 is running before its children start, starts them in order, and is not running before they stop in reverse', () => {
    const seen: string[] = []
    const note = (what: string) => (name: string) => seen.push(`${what} ${name} ${app.running}`)
    const children = ['a', 'b', 'c'].map(
      (name) =>
        new Probe(name, [], { start: () => void note('start')(name), stop: () => void note('stop')(name) }),
    )
    const app: MultiService = new MultiService({}, children)
    expect(app.startService()).toBeUndefined()
    expect(app.stopService()).toBeUndefined()
    expect(seen).toEqual([
      'start a true',
      'start b true',
      'start c true',
      'stop c false',
      'stop b false',
      'stop a false',
    ])
  })

  it('MS-05 starts privileged in order, and is not running', () => {
    const { journal, children } = three()
    const app = new MultiService({}, children)
    expect(app.privilegedStartService()).toBeUndefined()
    expect(journal).toEqual(['privileged a', 'privileged b', 'privileged c'])
    expect(app.running).toBe(false)
  })

  it('MS-06 starts without a privileged start', () => {
    const { journal, children } = three()
    void new MultiService({}, children).startService()
    expect(journal).toEqual(['start a', 'start b', 'start c'])
  })

  it('MS-27 starts each child when the one before it has started, and stops likewise', async () => {
    const gates: Gate[] = []
    const wait = () => {
      const next = gate()
      gates.push(next)
      return next.promise
    }
    const { journal, children } = three(() => ({ privileged: wait, start: wait, stop: wait }))
    const app = new MultiService({}, children)
    const order: string[] = []
    for (const [method, word] of [
      ['privilegedStartService', 'privileged'],
      ['startService', 'start'],
      ['stopService', 'stop'],
    ] as const) {
      journal.length = 0
      gates.length = 0
      const done = app[method]()
      for (let count = 1; count <= 3; count++) {
        await realTurn()
        expect(journal.length).toBe(count)
        expect(await outcome(done)).toBe('pending')
        gates[count - 1]!.open()
      }
      await done
      order.push(word, ...journal.map((entry) => entry.at(-1)!))
    }
    expect(order).toEqual(['privileged', 'a', 'b', 'c', 'start', 'a', 'b', 'c', 'stop', 'c', 'b', 'a'])
  })

  it('MS-27 starts all in one turn, in order, and stops all in one turn, in reverse, when told so', async () => {
    const gates: Gate[] = []
    const wait = () => {
      const next = gate()
      gates.push(next)
      return next.promise
    }
    const { journal, children } = three((name) => (name === 'b' ? {} : { start: wait, stop: wait }))
    const app = new MultiService({ order: 'together' }, children)
    const started = app.startService()
    expect(journal).toEqual(['start a', 'start b', 'start c'])
    gates[0]!.open()
    expect(await outcome(started)).toBe('pending')
    gates[1]!.open()
    await started
    journal.length = 0
    const stopped = app.stopService()
    expect(journal).toEqual(['stop c', 'stop b', 'stop a'])
    gates[2]!.open()
    expect(await outcome(stopped)).toBe('pending')
    gates[3]!.open()
    await stopped
    expect(app.state).toBe('stopped')
  })

  it('MS-08 MS-09 MS-10 DF-05 stops all children although some fail, and names each that failed', async () => {
    const error = Object.assign(new Error('stuck'), { code: 'ESTUCK' })
    const { journal, children } = three((name) => ({
      stop: () => {
        if (name === 'c') throw error
        return name === 'b' ? Promise.reject(new Error('lost')) : undefined
      },
    }))
    const group = new MultiService({ name: 'group' }, children)
    const app = new MultiService({ name: 'app' }, [new Probe('z', journal), group])
    void app.startService()
    journal.length = 0
    await expect(app.stopService()).rejects.toMatchObject({
      name: 'ServiceStopErrors',
      code: 'ERR_SENNIT_STOP',
      path: 'app',
      message: "Cannot stop 'app' well: app/group/c: stuck; app/group/b: lost",
      errors: [
        { path: 'app/group/c', code: 'ESTUCK', cause: error },
        { path: 'app/group/b', code: 'ERR_SENNIT_STOP' },
      ],
    })
    expect(app.stopService()).toBeUndefined()
    expect(journal).toEqual(['stop c', 'stop b', 'stop a', 'stop z'])
    expect([app.state, group.state, ...children.map(({ state }) => state)]).toEqual([
      'failed',
      'failed',
      'stopped',
      'failed',
      'failed',
    ])
  })

  it('MS-08 DF-05 yields nothing when all children have stopped', async () => {
    const { children } = three(() => ({ stop: async () => {} }))
    const app = new MultiService({}, children)
    void app.startService()
    expect(await app.stopService()).toBeUndefined()
  })

  it('MS-10 rejects with an AggregateError, and leaves nothing unhandled', async () => {
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    const { children } = three(() => ({ stop: () => Promise.reject(new Error('stuck')) }))
    const app = new MultiService({ order: 'together' }, children)
    void app.startService()
    const error = await outcome(app.stopService())
    await realTurn()
    process.off('unhandledRejection', note)
    expect(error).toBeInstanceOf(AggregateError)
    expect((error as AggregateError).errors.length).toBe(3)
    expect(unhandled).toEqual([])
  })

  it('MS-22 MS-23 calls no hook again when it is started or stopped twice', () => {
    const { journal, children } = three()
    const app = new MultiService({}, children)
    void app.startService()
    void app.startService()
    void app.stopService()
    void app.stopService()
    expect(journal.length).toBe(6)
  })

  it('MS-24 starts, awaits and stops a collection as a child', async () => {
    const { journal, children } = three(() => ({ start: async () => {}, stop: async () => {} }))
    const app = new MultiService({}, [
      new Probe('x', journal),
      new MultiService({}, children),
      new Probe('y', journal),
    ])
    await app.startService()
    expect(journal).toEqual(['start x', 'start a', 'start b', 'start c', 'start y'])
    journal.length = 0
    await app.stopService()
    expect(journal).toEqual(['stop y', 'stop c', 'stop b', 'stop a', 'stop x'])
  })

  it('runs its own hooks before the children start, and after they have stopped', () => {
    const journal: string[] = []
    class Group extends MultiService {
      protected override onPrivilegedStart(): void {
        journal.push('privileged group')
      }
      protected override onStart(): void {
        journal.push('start group')
      }
      protected override onStop(): void {
        journal.push('stop group')
      }
    }
    const group = new Group({}, [new Probe('a', journal)])
    void group.privilegedStartService()
    void group.startService()
    void group.stopService()
    expect(journal).toEqual([
      'privileged group',
      'privileged a',
      'start group',
      'start a',
      'stop a',
      'stop group',
    ])
  })

  it('undoes its own start when a child does not start, and does not touch the children when its own fails', async () => {
    const journal: string[] = []
    class Group extends MultiService {
      fails = false
      protected override onStart(): void {
        journal.push('start group')
        if (this.fails) throw new Error('own')
      }
      protected override onStop(): void {
        journal.push('stop group')
      }
    }
    const bad = new Probe('bad', journal, { start: () => Promise.reject(new Error('no')) })
    const group = new Group({ name: 'group' }, [bad])
    expect(await outcome(group.startService())).toMatchObject({ message: 'group/bad: no' })
    expect(journal).toEqual(['start group', 'start bad', 'stop group'])
    journal.length = 0
    group.fails = true
    expect(await outcome(group.startService())).toMatchObject({ message: 'own' })
    expect(journal).toEqual(['start group'])
  })

  it('names itself when its own hook fails to stop', async () => {
    class Group extends MultiService {
      protected override onStop(): void {
        throw new Error('own')
      }
    }
    const app = new MultiService({ name: 'app' }, [new Group({ name: 'group' })])
    void app.startService()
    expect(await outcome(app.stopService())).toMatchObject({ errors: [{ message: 'app/group: own' }] })
  })

  it('leaves a service alone that was never started', () => {
    const { journal, children } = three()
    const app = new MultiService({}, children)
    void children[1]!.startService()
    expect(app.stopService()).toBeUndefined()
    expect(journal).toEqual(['start b'])
    expect(app.state).toBe('idle')
  })

  it('takes over a child that was started before', () => {
    const { journal, children } = three()
    const app = new MultiService({}, children)
    void children[1]!.startService()
    void app.startService()
    expect(journal).toEqual(['start b', 'start a', 'start c'])
    void app.stopService()
    expect(journal.slice(3)).toEqual(['stop c', 'stop b', 'stop a'])
  })

  it('waits for a child that somebody else is starting or stopping', async () => {
    const [starting, stopping] = [gate(), gate()]
    const child = new Probe('a', [], { start: () => starting.promise, stop: () => stopping.promise })
    const app = new MultiService({}, [child])
    const first = child.startService()
    const started = app.startService()
    expect(await outcome(started)).toBe('pending')
    starting.open()
    expect(await outcomes(first, started)).toEqual(['done', 'done'])
    void child.stopService()
    const stopped = app.stopService()
    expect(await outcome(stopped)).toBe('pending')
    stopping.open()
    expect(await outcome(stopped)).toBe('done')
    expect(child.journal).toEqual(['start a', 'stop a'])
  })

  it('starts a child after the stop that somebody else asked for', async () => {
    const stopping = gate()
    const child = new Probe('a', [], { stop: () => stopping.promise })
    void child.startService()
    void child.stopService()
    const app = new MultiService({}, [child])
    const started = app.startService()
    expect(await outcome(started)).toBe('pending')
    stopping.open()
    await started
    expect(child.journal).toEqual(['start a', 'stop a', 'start a'])
  })
})

describe('MultiService, a start that fails', () => {
  const failing = (name: string, hook: string, of: string) =>
    name === of ? { [hook]: () => Promise.reject(Object.assign(new Error('boom'), { code: 'EBOOM' })) } : {}

  it.each([
    ['a', ['start a']],
    ['b', ['start a', 'start b', 'stop a']],
    ['c', ['start a', 'start b', 'start c', 'stop b', 'stop a']],
  ])(
    'MS-11 stops those that had started in reverse, and nothing else, when %s fails',
    async (bad, expected) => {
      const { journal, children } = three((name) => failing(name, 'start', bad))
      const app = new MultiService({ name: 'app' }, children)
      await expect(app.startService()).rejects.toMatchObject({
        name: 'ServiceStartError',
        code: 'EBOOM',
        path: `app/${bad}`,
        message: `app/${bad}: boom`,
        cause: { message: 'boom' },
      })
      expect(journal).toEqual(expected)
      expect(app).toMatchObject({ running: false, state: 'failed', lastError: { code: 'EBOOM' } })
      void app.stopService()
      expect(journal).toEqual(expected)
    },
  )

  it('MS-11 stops those whose privileged start had succeeded, the failing one too', async () => {
    const { journal, children } = three((name) => failing(name, 'start', 'b'))
    const app = new MultiService({}, children)
    void app.privilegedStartService()
    journal.length = 0
    await outcome(app.startService())
    expect(journal).toEqual(['start a', 'start b', 'stop b', 'stop c', 'stop a'])
    expect(children.map(({ state }) => state)).toEqual(['stopped', 'failed', 'stopped'])
  })

  it('MS-11 stops those whose privileged start had succeeded when another privileged start fails', async () => {
    const { journal, children } = three((name) => failing(name, 'privileged', 'c'))
    const app = new MultiService({ name: 'app' }, children)
    expect(await outcome(app.privilegedStartService())).toMatchObject({ path: 'app/c' })
    expect(journal).toEqual(['privileged a', 'privileged b', 'privileged c', 'stop b', 'stop a'])
    expect(app.state).toBe('failed')
  })

  it('MS-11 puts the path in front once, however deep', async () => {
    const bad = new Probe('bad', [], { start: () => Promise.reject(new Error('boom')) })
    const app = new MultiService({ name: 'app' }, [
      new MultiService({ name: 'x' }, [new MultiService({ name: 'y' }, [bad])]),
    ])
    expect(await outcome(app.startService())).toMatchObject({
      code: 'ERR_SENNIT_START',
      message: 'app/x/y/bad: boom',
      cause: { message: 'boom' },
    })
  })

  it('MS-11 can be started again', async () => {
    let bad = true
    const { journal, children } = three((name) => ({
      start: () => (name === 'b' && bad ? Promise.reject(new Error('boom')) : undefined),
    }))
    const app = new MultiService({}, children)
    await outcome(app.startService())
    bad = false
    journal.length = 0
    expect(app.startService()).toBeUndefined()
    expect(journal).toEqual(['start a', 'start b', 'start c'])
    expect(app.state).toBe('running')
  })

  it('MS-11 gives the others up and waits for them when all start in one turn', async () => {
    const gates = new Map<string, Gate>()
    const { journal, children } = three((name) => ({
      start: () => {
        const mine = gate()
        gates.set(name, mine)
        return mine.promise
      },
    }))
    const app = new MultiService({ name: 'app', order: 'together' }, children)
    const started = app.startService()
    gates.get('a')!.open()
    await realTurn()
    gates.get('b')!.fail(new Error('boom'))
    await realTurn()
    expect(await outcome(started)).toBe('pending')
    expect(children[2]!.state).toBe('stopping')
    gates.get('c')!.open()
    expect(await outcome(started)).toMatchObject({ message: 'app/b: boom' })
    expect(journal).toEqual(['start a', 'start b', 'start c', 'stop c', 'stop a'])
  })

  it('MS-11 starts no further child in the same turn when one throws', async () => {
    const { journal, children } = three((name) => ({
      start: () => {
        if (name === 'b') throw new Error('boom')
      },
    }))
    const app = new MultiService({ order: 'together' }, children)
    await outcome(app.startService())
    expect(journal).toEqual(['start a', 'start b', 'stop a'])
  })

  it('tells at debug what those throw that are given up', async () => {
    const log = recorder()
    const gates: Gate[] = []
    const { children } = three(() => ({
      start: () => {
        const mine = gate()
        gates.push(mine)
        return mine.promise
      },
    }))
    const app = new MultiService({ name: 'app', order: 'together', log }, children)
    const started = app.startService()
    gates[0]!.fail(new Error('first'))
    await realTurn()
    gates[1]!.fail(new Error('second'))
    gates[2]!.open()
    expect(await outcome(started)).toMatchObject({ message: 'app/a: first' })
    expect(errorsOf(log)).toEqual([])
    const told = log.events.filter(({ fields }) => fields['err'] !== undefined)
    expect(told).toMatchObject([{ level: 'debug', fields: { err: new Error('second'), service: 'app/b' } }])
  })

  it('rejects with the error of the start when the undoing fails, and logs that', async () => {
    const log = recorder()
    const { journal, children } = three((name) => ({
      start: () => (name === 'c' ? Promise.reject(new Error('boom')) : undefined),
      stop: () => (name === 'b' ? Promise.reject(new Error('stuck')) : undefined),
    }))
    const app = new MultiService({ name: 'app', log }, children)
    expect(await outcome(app.startService())).toMatchObject({ message: 'app/c: boom' })
    expect(journal.slice(-2)).toEqual(['stop b', 'stop a'])
    expect(errorsOf(log)).toEqual([
      expect.objectContaining({ errors: [expect.objectContaining({ path: 'app/b' })] }),
    ])
  })
})

describe('MultiService, services of another kind', () => {
  it('are named, started, stopped and told their signal like any other', async () => {
    const journal: string[] = []
    const bare = new Bare('bare', journal, { start: async () => {}, stop: async () => {} })
    const app = new MultiService({}, [new Probe('a', journal), bare, new Probe('b', journal)])
    expect(app.getServiceNamed('bare')).toBe(bare)
    expect(names(app)).toEqual(['a', 'bare', 'b'])
    await app.privilegedStartService()
    await app.startService()
    expect(await outcomes(app.startService())).toEqual(['done'])
    await app.stopService()
    await app.stopService()
    expect(journal).toEqual([
      'privileged a',
      'privileged bare',
      'privileged b',
      'start a',
      'start bare',
      'start b',
      'stop b',
      'stop bare',
      'stop a',
    ])
  })

  it('are stopped when their start fails after a privileged start, and not else', async () => {
    for (const privileged of [true, false]) {
      const journal: string[] = []
      const bare = new Bare('bare', journal, { start: () => Promise.reject(new Error('boom')) })
      const app = new MultiService({ name: 'app' }, [bare])
      if (privileged) void app.privilegedStartService()
      expect(await outcome(app.startService())).toMatchObject({ message: 'app/bare: boom' })
      expect(journal.includes('stop bare')).toBe(privileged)
    }
  })

  it('are not stopped when no hook was called on them', async () => {
    const journal: string[] = []
    const bad = new Probe('bad', journal, { start: () => Promise.reject(new Error('boom')) })
    await outcome(new MultiService({}, [bad, new Bare('bare', journal)]).startService())
    expect(journal).toEqual(['start bad'])
  })

  it('keep the name under which they came', () => {
    const bare = new Bare('first', [])
    const app = new MultiService({}, [bare])
    bare.name = 'second'
    expect(app.getServiceNamed('first')).toBe(bare)
    void app.removeService(bare)
    expect(() => app.getServiceNamed('first')).toThrow(unknown)
    expect([...app]).toEqual([])
    void app.addService(bare)
    expect(app.getServiceNamed('second')).toBe(bare)
  })

  it('keep their life when they move, so that they start after their stop', async () => {
    const journal: string[] = []
    const stopping = gate()
    const bare = new Bare('bare', journal, { stop: () => stopping.promise })
    const [from, to] = [new MultiService({}, [bare]), new MultiService({}, [new Bare('taken', [])])]
    void from.startService()
    void to.startService()
    const moved = bare.setServiceParent(to)
    expect([names(from), names(to)]).toEqual([[], ['taken', 'bare']])
    expect(await outcome(moved)).toBe('pending')
    expect(journal).toEqual(['start bare', 'stop bare'])
    stopping.open()
    expect(await outcome(moved)).toBe('done')
    expect(journal).toEqual(['start bare', 'stop bare', 'privileged bare', 'start bare'])
    expect(() => from.removeService(bare)).toThrow(unknown)
  })

  it('stay where they are when a collection refuses them', () => {
    const bare = new Bare('bare', [])
    const from = new MultiService({}, [bare])
    const to = new MultiService({}, [new Bare('taken', [])])
    bare.name = 'taken'
    expect(() => to.addService(bare)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DUPLICATE_SERVICE' }),
    )
    expect([...from]).toEqual([bare])
    expect(from.getServiceNamed('bare')).toBe(bare)
  })

  it('are taken out again when they do not start under a running collection', async () => {
    const journal: string[] = []
    const bare = new Bare('bare', journal, { start: () => Promise.reject(new Error('boom')) })
    const app = new MultiService({ name: 'app', log: recorder() })
    void app.startService()
    const added = bare.setServiceParent(app)
    await expect(added).rejects.toMatchObject({ message: 'app/bare: boom' })
    expect(journal).toEqual(['privileged bare', 'start bare', 'stop bare'])
    expect(bare.parent).toBeUndefined()
    expect([...app]).toEqual([])
  })

  it('are taken out also when they were added without their knowing', async () => {
    const bare = new Bare('bare', [], { start: () => Promise.reject(new Error('boom')) })
    const app = new MultiService({ log: recorder() })
    void app.startService()
    await outcome(app.addService(bare))
    expect([...app]).toEqual([])
  })

  it('are stopped when they leave while they start, after their start', async () => {
    const journal: string[] = []
    const starting = gate()
    const bare = new Bare('bare', journal, { start: () => starting.promise })
    const app = new MultiService({}, [bare, new Probe('next', journal)])
    const started = app.startService()
    const left = bare.disownServiceParent()
    expect(await outcomes(started, left)).toEqual(['done', 'pending'])
    expect(journal).toEqual(['start bare', 'start next'])
    starting.open()
    expect(await outcome(left)).toBe('done')
    expect(journal).toEqual(['start bare', 'start next', 'stop bare'])
  })
})

describe('MultiService, services that come and go', () => {
  it('MS-12 starts a child that joins while it runs, privileged first', () => {
    const journal: string[] = []
    const app = new MultiService()
    void app.startService()
    const child = new Probe('late', journal)
    expect(child.setServiceParent(app)).toBeUndefined()
    expect(journal).toEqual(['privileged late', 'start late'])
    expect(child.state).toBe('running')
    void app.stopService()
    expect(journal.at(-1)).toBe('stop late')
  })

  it('MS-12 yields a promise of an asynchronous start', async () => {
    const [privileged, start] = [gate(), gate()]
    const app = new MultiService()
    void app.startService()
    const child = new Probe('late', [], { privileged: () => privileged.promise, start: () => start.promise })
    const added = child.setServiceParent(app)
    expect(await outcome(added)).toBe('pending')
    privileged.open()
    expect(await outcome(added)).toBe('pending')
    start.open()
    expect(await outcome(added)).toBe('done')
  })

  it('MS-13 MS-25 does not start a child that joins while it does not run; it starts with the collection', () => {
    const journal: string[] = []
    const app = new MultiService()
    void app.addService(new Probe('a', journal))
    expect(journal).toEqual([])
    void app.startService()
    expect(journal).toEqual(['start a'])
    void app.stopService()
    void app.addService(new Probe('b', journal))
    expect(journal).toEqual(['start a', 'stop a'])
    void app.startService()
    expect(journal.slice(2)).toEqual(['start a', 'start b'])
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('boom')
      },
    ],
    ['rejects', () => Promise.reject(new Error('boom'))],
  ])(
    'MS-14 takes a child out again whose start %s; it has no parent, and nobody has to catch',
    async (_, start) => {
      const unhandled: unknown[] = []
      const note = (error: unknown) => unhandled.push(error)
      process.on('unhandledRejection', note)
      const log = recorder()
      const app = new MultiService({ name: 'app', log })
      void app.startService()
      const journal: string[] = []
      const child = new Probe('late', journal, { start })
      const added = child.setServiceParent(app)
      await realTurn()
      process.off('unhandledRejection', note)
      expect(unhandled).toEqual([])
      expect(await outcome(added)).toMatchObject({ name: 'ServiceStartError', message: 'app/late: boom' })
      expect(child.parent).toBeUndefined()
      expect([...app]).toEqual([])
      expect(() => app.getServiceNamed('late')).toThrow(unknown)
      expect(journal).toEqual(['privileged late', 'start late', 'stop late'])
      expect(app.state).toBe('running')
      expect(errorsOf(log)).toEqual([new Error('boom')])
      expect(log.events.find(({ level }) => level === 'error')!.fields).toMatchObject({ service: 'app/late' })
    },
  )

  it('MS-14 does not start a child whose privileged start fails', async () => {
    const app = new MultiService({ log: recorder() })
    void app.startService()
    const journal: string[] = []
    const child = new Probe('late', journal, { privileged: () => Promise.reject(new Error('no')) })
    expect(await outcome(app.addService(child))).toMatchObject({ name: 'ServiceStartError' })
    expect(journal).toEqual(['privileged late'])
    expect(child.parent).toBeUndefined()
  })

  it('keeps a child that was joining when the collection stopped, and stops it', async () => {
    const starting = gate()
    const app = new MultiService()
    void app.startService()
    const journal: string[] = []
    const child = new Probe('late', journal, { start: () => starting.promise })
    const added = child.setServiceParent(app)
    const stopped = app.stopService()
    starting.open()
    expect((await outcomes(added, stopped))[1]).toBe('done')
    expect(await outcome(added)).toMatchObject({ code: 'ABORT_ERR' })
    expect(journal).toEqual(['privileged late', 'start late', 'stop late'])
    expect(child.parent).toBe(app)
    expect([...app]).toEqual([child])
  })

  it('keeps a child that was joining when the collection stopped and started again', async () => {
    const app = new MultiService()
    void app.startService()
    const start = ({ signal }: HookContext) =>
      new Promise<void>((resolve, reject) => {
        setImmediate(resolve)
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      })
    const child = new Probe('late', [], { start })
    const added = outcome(child.setServiceParent(app))
    void app.stopService()
    await app.startService()
    expect(await added).toMatchObject({ code: 'ABORT_ERR' })
    expect([...app]).toEqual([child])
    expect([child.parent, child.state, app.state]).toEqual([app, 'running', 'running'])
  })

  it('keeps a child that was joining, left and came back', async () => {
    const [app, other] = [new MultiService(), new MultiService()]
    void app.startService()
    void other.startService()
    const child = new Probe('late', [], { start: () => realTurn(), stop: () => realTurn() })
    const first = Promise.resolve(child.setServiceParent(app))
    void outcome(child.setServiceParent(other))
    await child.setServiceParent(app)
    await expect(first).rejects.toMatchObject({ code: 'ABORT_ERR' })
    expect([[...app], [...other], child.state]).toEqual([[child], [], 'running'])
  })

  it('keeps a child that was joining and is stopped by itself', async () => {
    const app = new MultiService()
    void app.startService()
    const child = new Probe('late', [], { start: () => realTurn() })
    const added = outcome(app.addService(child))
    await child.stopService()
    expect(await added).toMatchObject({ code: 'ABORT_ERR' })
    expect([child.parent, child.state]).toEqual([app, 'stopped'])
  })

  it('keeps a child that a listener starts again when it does not start', async () => {
    const log = recorder()
    const app = new MultiService({ log })
    void app.startService()
    const bodies: Bodies = { start: () => Promise.reject(new Error('no')) }
    const child = new Probe('late', [], bodies)
    const forget = child.onStateChange((state) => {
      if (state !== 'failed') return
      forget()
      delete bodies.start
      void child.startService()
    })
    expect(await outcome(app.addService(child))).toMatchObject({ message: 'MultiService/late: no' })
    expect([child.parent, child.state]).toEqual([app, 'running'])
    expect(errorsOf(log)).toEqual([])
  })

  it('takes a child out again that waits to start, when its deadline passes', async () => {
    const clock = new Clock()
    const app = new MultiService({ log: recorder() })
    void app.startService()
    const stopping = gate()
    const child = new Probe('late', [], { stop: () => stopping.promise }, { startTimeout: 1, clock })
    void child.startService()
    void child.stopService()
    const added = outcome(app.addService(child))
    clock.advance(1)
    expect(await added).toMatchObject({ code: 'ERR_SENNIT_START_TIMEOUT' })
    expect(child.parent).toBeUndefined()
    stopping.open()
    await realTurn()
    expect(child.state).toBe('stopped')
  })

  it('MS-15 stops a child that leaves while it runs, and yields its stop', async () => {
    const { journal, children } = three(() => ({ stop: async () => {} }))
    const app = new MultiService({}, children)
    void app.startService()
    await app.removeService(children[1]!)
    expect(journal.slice(3)).toEqual(['stop b'])
    expect(names(app)).toEqual(['a', 'c'])
    await app.stopService()
    expect(journal.slice(3)).toEqual(['stop b', 'stop c', 'stop a'])
  })

  it('MS-15 leaves the child alone when the collection does not run, also one that was started by itself', () => {
    const { journal, children } = three()
    const app = new MultiService({}, children)
    void children[0]!.startService()
    expect(app.removeService(children[0]!)).toBeUndefined()
    expect(app.removeService(children[1]!)).toBeUndefined()
    expect(journal).toEqual(['start a'])
  })

  it('stops a child that leaves between the privileged start and the start', () => {
    const { journal, children } = three()
    const app = new MultiService({}, children)
    void app.privilegedStartService()
    void app.removeService(children[1]!)
    void app.startService()
    expect(journal).toEqual(['privileged a', 'privileged b', 'privileged c', 'stop b', 'start a', 'start c'])
  })

  it('logs that a child that left did not stop, and leaves nothing unhandled', async () => {
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    const log = recorder()
    const child = new Probe('a', [], { stop: () => Promise.reject(new Error('stuck')) })
    const app = new MultiService({ name: 'app', log }, [child])
    void app.startService()
    const left = child.disownServiceParent()
    await realTurn()
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
    expect(await outcome(left)).toMatchObject({ message: 'stuck' })
    expect(errorsOf(log)).toEqual([new Error('stuck')])
    expect(log.events.find(({ level }) => level === 'error')!.fields).toMatchObject({ service: 'app/a' })
  })

  it('MS-16 stops a child once that leaves while the collection stops, before or after its turn', async () => {
    for (const leaving of [0, 2]) {
      const gates: Gate[] = []
      const { journal, children } = three(() => ({
        stop: () => {
          const mine = gate()
          gates.push(mine)
          return mine.promise
        },
      }))
      const app = new MultiService({}, children)
      void app.startService()
      journal.length = 0
      const stopped = app.stopService()
      const left = children[leaving]!.disownServiceParent()
      for (let i = 0; i < 3; i++) {
        for (const each of gates) each.open()
        await realTurn()
      }
      expect(await outcomes(stopped, left)).toEqual(['done', 'done'])
      expect(journal.toSorted()).toEqual(['stop a', 'stop b', 'stop c'])
    }
  })

  it('MS-20 starts a sibling once that is added while the collection starts, after the others, privileged first', () => {
    const journal: string[] = []
    const late = new Probe('late', journal)
    const app: MultiService = new MultiService({}, [
      new Probe('a', journal, { start: () => expect(late.setServiceParent(app)).toBeUndefined() as never }),
      new Probe('b', journal),
    ])
    void app.startService()
    expect(journal).toEqual(['start a', 'start b', 'privileged late', 'start late'])
    expect(app.state).toBe('running')
  })

  it('MS-20 takes a sibling into the privileged pass that is added during it', () => {
    const journal: string[] = []
    const late = new Probe('late', journal)
    const app: MultiService = new MultiService({}, [
      new Probe('a', journal, { privileged: () => void late.setServiceParent(app) }),
    ])
    void app.privilegedStartService()
    void app.startService()
    expect(journal).toEqual(['privileged a', 'privileged late', 'start a', 'start late'])
  })

  it('MS-20 starts a child privileged that is added between the privileged start and the start', () => {
    const journal: string[] = []
    const app = new MultiService({}, [new Probe('a', journal)])
    void app.privilegedStartService()
    void app.addService(new Probe('late', journal))
    void app.startService()
    expect(journal).toEqual(['privileged a', 'start a', 'privileged late', 'start late'])
    void app.stopService()
    void app.startService()
    expect(journal.slice(-2)).toEqual(['start a', 'start late'])
  })

  it.each(['sequence', 'together'] as const)(
    'MS-20 waits for a child that is added while the last one starts, in %s',
    async (order) => {
      const [first, second] = [gate(), gate()]
      const journal: string[] = []
      const app = new MultiService({ order }, [new Probe('a', journal, { start: () => first.promise })])
      const started = app.startService()
      expect(app.addService(new Probe('late', journal, { start: () => second.promise }))).toBeUndefined()
      expect(journal).toEqual(
        order === 'together' ? ['start a', 'privileged late', 'start late'] : ['start a'],
      )
      first.open()
      expect(await outcome(started)).toBe('pending')
      expect(journal).toEqual(['start a', 'privileged late', 'start late'])
      second.open()
      expect(await outcome(started)).toBe('done')
    },
  )

  it('MS-20 fails with a child that was added while it started', async () => {
    const first = gate()
    const journal: string[] = []
    const app = new MultiService({ name: 'app' }, [new Probe('a', journal, { start: () => first.promise })])
    const started = app.startService()
    const late = new Probe('late', journal, { privileged: () => Promise.reject(new Error('no')) })
    void app.addService(late)
    first.open()
    expect(await outcome(started)).toMatchObject({ message: 'app/late: no' })
    expect(journal).toEqual(['start a', 'privileged late', 'stop a'])
    expect(late.parent).toBe(app)
  })

  it('MS-20 does not start a child that is added while the collection stops, until it starts again', async () => {
    const stopping = gate()
    const journal: string[] = []
    const app = new MultiService({}, [new Probe('a', journal, { stop: () => stopping.promise })])
    void app.startService()
    const stopped = app.stopService()
    void app.addService(new Probe('late', journal))
    stopping.open()
    await stopped
    expect(journal).toEqual(['start a', 'stop a'])
    void app.startService()
    expect(journal.slice(2)).toEqual(['start a', 'start late'])
  })

  it.each(['sequence', 'together'] as const)(
    'MS-21 starts the next sibling when a child leaves in its own start, in %s',
    async (order) => {
      const journal: string[] = []
      const a: Service = new Probe('a', journal, { start: () => void a.disownServiceParent() })
      const app = new MultiService({ order }, [a, new Probe('b', journal), new Probe('c', journal)])
      await app.startService()
      expect(journal.filter((entry) => entry.startsWith('start'))).toEqual(['start a', 'start b', 'start c'])
      expect(journal).toContain('stop a')
      expect(app.state).toBe('running')
      expect(names(app)).toEqual(['b', 'c'])
      expect(a.state).toBe('stopped')
    },
  )

  it('MS-21 does not start a child that left before its turn', () => {
    const journal: string[] = []
    const [b, c] = [new Probe('b', journal), new Probe('c', journal)]
    const app = new MultiService({}, [
      new Probe('a', journal, {
        start: () => {
          void b.disownServiceParent()
        },
      }),
      b,
      c,
    ])
    void app.startService()
    expect(journal).toEqual(['start a', 'start c'])
    expect(b.state).toBe('idle')
  })

  it.each(['sequence', 'together'] as const)(
    'goes on at once when a child leaves that is just starting, in %s; its signal is aborted, and it is stopped',
    async (order) => {
      const journal: string[] = []
      const starting = gate()
      let signal: AbortSignal | undefined
      const a = new Probe('a', journal, {
        start: (hook) => {
          signal = hook.signal
          return starting.promise
        },
      })
      const app = new MultiService({ order }, [a, new Probe('b', journal)])
      const started = app.startService()
      const left = a.disownServiceParent()
      expect(signal!.aborted).toBe(true)
      expect(await outcomes(started, left)).toEqual(['done', 'pending'])
      expect(app.state).toBe('running')
      starting.open()
      expect(await outcome(left)).toBe('done')
      expect(journal).toEqual(['start a', 'start b', 'stop a'])
    },
  )

  it('takes children that leave and come in any order through a stop', () => {
    const journal: string[] = []
    const children: Probe[] = []
    const app = new MultiService()
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      const stop = () => {
        if (name === 'd') void children[2]!.disownServiceParent()
        if (name === 'b') {
          void children[1]!.disownServiceParent()
          void children[0]!.disownServiceParent()
        }
      }
      const child = new Probe(name, journal, { stop })
      children.push(child)
      void app.addService(child)
    }
    void app.startService()
    journal.length = 0
    void app.stopService()
    expect(journal).toEqual(['stop e', 'stop d', 'stop c', 'stop b', 'stop a'])
    expect(names(app)).toEqual(['d', 'e'])
  })
})

describe('MultiService, big trees', () => {
  it('starts, stops and describes 10,000 levels, synchronous or not, without a deep stack', async () => {
    for (const start of [() => {}, async () => {}]) {
      const journal: string[] = []
      const leaf = new Probe('leaf', journal, { start, stop: start })
      let top: Service = leaf
      for (let level = 0; level < 10_000; level++) top = new MultiService({ name: 'n' }, [top])
      const log = { ...recorder(), isLevelEnabled: () => false }
      const root = new MultiService({ name: 'root', clock: new Clock(), log }, [top])
      await root.privilegedStartService()
      await root.startService()
      expect(leaf.path.length).toBe(5 + 20_000 + 4)
      expect(leaf.context.clock).toBe(root.context.clock)
      let deepest = root.describe()
      while (deepest.children[0] !== undefined) deepest = deepest.children[0]
      expect(deepest).toMatchObject({ name: 'leaf', state: 'running' })
      leaf.fail(new Error('deep'))
      expect(root.state).toBe('failed')
      await root.stopService()
      expect(journal).toEqual(['privileged leaf', 'start leaf', 'stop leaf'])
    }
  })

  it('cancels 10,000 levels and lets a deadline pass over them', async () => {
    const quiet = { ...recorder(), isLevelEnabled: () => false }
    for (const how of ['stop', 'deadline'] as const) {
      const clock = new Clock()
      const starting = gate()
      let top: Service = new Probe('leaf', [], { start: () => starting.promise })
      for (let level = 0; level < 10_000; level++) top = new MultiService({ name: 'n' }, [top])
      const root = new MultiService({ name: 'root', clock, startTimeout: 1, log: quiet }, [top])
      const started = root.startService()
      const stopped = how === 'stop' ? root.stopService() : undefined
      if (how === 'deadline') clock.advance(1)
      starting.open()
      expect((await outcomes(started, stopped))[0]).toMatchObject(
        how === 'stop' ? { code: new CancelledError().code } : { code: 'ERR_SENNIT_START_TIMEOUT' },
      )
      expect(top.running).toBe(false)
    }
  })

  it('calls each hook of 3,000 children once, in order', () => {
    const journal: string[] = []
    const app = new MultiService()
    for (let i = 0; i < 3000; i++) void app.addService(new Probe(String(i), journal))
    void app.startService()
    void app.stopService()
    expect(journal.length).toBe(6000)
    expect(journal[2999]).toBe('start 2999')
    expect(journal[3000]).toBe('stop 2999')
    expect(journal[5999]).toBe('stop 0')
  })
})
