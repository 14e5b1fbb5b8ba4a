import { CancelledError, Clock, realTurn } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { type HookContext, MultiService, type Service } from '../src/index.ts'
import { Bare, errorsOf, type Gate, gate, outcome, outcomes, Probe, recorder, statesOf } from './kit.ts'

const forever = () => new Promise<void>(() => {})

describe('Transition, start deadline', () => {
  it('aborts the signal, rejects with the path, and leaves the service failed', async () => {
    const clock = new Clock()
    let signal: AbortSignal | undefined
    const start = (hook: HookContext) => {
      signal = hook.signal
      return forever()
    }
    const db = new Probe('db', [], { start }, { startTimeout: '5s' })
    const app = new MultiService({ name: 'app', clock, onFailure: 'log' }, [db])
    const started = app.startService()
    clock.advance(4.9)
    expect(await outcome(started)).toBe('pending')
    clock.advance(0.2)
    expect(signal!.reason).toMatchObject({ code: 'ERR_SENNIT_START_TIMEOUT' })
    expect(await outcome(started)).toMatchObject({
      code: 'ERR_SENNIT_START_TIMEOUT',
      path: 'app/db',
      timeout: 5,
      message: "Starting 'app/db' took longer than 5 s",
    })
    expect(db).toMatchObject({ state: 'failed', running: false })
    expect(app).toMatchObject({ state: 'failed', running: false })
  })

  it('holds for the privileged start too', async () => {
    const clock = new Clock()
    const db = new Probe('db', [], { privileged: forever }, { startTimeout: 1, clock })
    const started = db.privilegedStartService()
    clock.advance(1)
    expect(await outcome(started)).toMatchObject({ code: 'ERR_SENNIT_START_TIMEOUT', path: 'db' })
  })

  it('undoes a start that succeeds after its deadline, once', async () => {
    const clock = new Clock()
    const log = recorder()
    const journal: string[] = []
    const starting = gate()
    const db = new Probe('db', journal, { start: () => starting.promise }, { startTimeout: 1, clock, log })
    const started = db.startService()
    clock.advance(1)
    expect(await outcome(started)).toMatchObject({ code: 'ERR_SENNIT_START_TIMEOUT' })
    expect(journal).toEqual(['start db'])
    starting.open()
    await realTurn()
    expect(journal).toEqual(['start db', 'stop db'])
    expect(db).toMatchObject({ state: 'failed', lastError: { code: 'ERR_SENNIT_START_TIMEOUT' } })
    void db.stopService()
    expect(journal.length).toBe(2)
    expect(log.events.filter(({ level }) => level === 'warn')).toMatchObject([{ fields: { service: 'db' } }])
    expect(errorsOf(log)).toEqual([])
  })

  it('undoes the privileged start when the start fails after its deadline', async () => {
    const clock = new Clock()
    const journal: string[] = []
    const starting = gate()
    const db = new Probe('db', journal, { start: () => starting.promise }, { startTimeout: 1, clock })
    void db.privilegedStartService()
    const started = db.startService()
    clock.advance(1)
    await outcome(started)
    expect(journal).toEqual(['privileged db', 'start db'])
    starting.fail(new Error('late'))
    await realTurn()
    expect(journal).toEqual(['privileged db', 'start db', 'stop db'])
    expect(db.state).toBe('failed')
  })

  it('calls nothing more when a start fails after its deadline', async () => {
    const clock = new Clock()
    const journal: string[] = []
    const starting = gate()
    const db = new Probe('db', journal, { start: () => starting.promise }, { startTimeout: 1, clock })
    const started = db.startService()
    clock.advance(1)
    await outcome(started)
    starting.fail(new Error('late'))
    await realTurn()
    expect(journal).toEqual(['start db'])
    expect(db.lastError).toMatchObject({ code: 'ERR_SENNIT_START_TIMEOUT' })
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('lets a start that comes after the deadline wait for the abandoned hook, and no stop', async () => {
    const clock = new Clock()
    const journal: string[] = []
    const gates: Gate[] = []
    const start = () => {
      const next = gate()
      gates.push(next)
      return next.promise
    }
    const db = new Probe('db', journal, { start }, { startTimeout: 1, clock, log: recorder() })
    const first = db.startService()
    clock.advance(1)
    await outcome(first)
    const dropped = db.startService({ timeout: Infinity })
    expect(db.stopService()).toBeUndefined()
    expect(await outcome(dropped)).toBeInstanceOf(CancelledError)
    const second = db.startService({ timeout: Infinity })
    expect(await outcome(second)).toBe('pending')
    gates[0]!.open()
    expect(await outcome(second)).toBe('pending')
    expect(journal).toEqual(['start db', 'stop db', 'start db'])
    gates[1]!.open()
    expect(await outcome(second)).toBe('done')
    expect(db.state).toBe('running')
  })

  it('ends a stop that waits for a start, when the deadline of that passes', async () => {
    const clock = new Clock()
    const journal: string[] = []
    const starting = gate()
    const start = () => starting.promise
    const db = new Probe('db', journal, { start }, { startTimeout: 1, clock, log: recorder() })
    const started = db.startService()
    const stopped = db.stopService()
    expect(await outcome(stopped)).toBe('pending')
    clock.advance(1)
    expect(await outcomes(started, stopped)).toEqual([expect.any(CancelledError), 'done'])
    expect(db).toMatchObject({ state: 'failed', running: false })
    starting.open()
    await realTurn()
    expect(journal).toEqual(['start db', 'stop db'])
    expect(db.state).toBe('stopped')
  })

  it('lets a child go whose start was abandoned, and undoes what starts late', async () => {
    const clock = new Clock()
    const journal: string[] = []
    const starting = gate()
    const db = new Probe('db', journal, { start: () => starting.promise })
    const app = new MultiService({ name: 'app', clock, startTimeout: 1, log: recorder() }, [db])
    const started = app.startService()
    clock.advance(1)
    await outcome(started)
    expect(db.disownServiceParent()).toBeUndefined()
    expect([...app]).toEqual([])
    expect(await outcome(db[Symbol.asyncDispose]())).toBe('done')
    starting.open()
    await realTurn()
    expect(journal).toEqual(['start db', 'stop db'])
    expect(db.running).toBe(false)
  })

  it('bounds a start that waits for a stop from the call on', async () => {
    const clock = new Clock()
    const db = new Probe('db', [], { stop: forever }, { startTimeout: 3, clock })
    void db.startService()
    void db.stopService()
    const started = db.startService()
    clock.advance(3)
    expect(await outcome(started)).toMatchObject({ code: 'ERR_SENNIT_START_TIMEOUT' })
    expect(db).toMatchObject({ state: 'stopping', running: false })
  })

  it('bounds a child whose start waits for its stop, from its turn on', async () => {
    const clock = new Clock()
    const stopping = gate()
    const journal: string[] = []
    const db = new Probe('db', journal, { stop: () => stopping.promise }, { startTimeout: 3, clock })
    void db.startService()
    void db.stopService()
    const app = new MultiService({ name: 'app' }, [db])
    const started = app.startService()
    clock.advance(3)
    stopping.open()
    expect(await outcome(started)).toMatchObject({ code: 'ERR_SENNIT_START_TIMEOUT', path: 'app/db' })
    expect(journal).toEqual(['start db', 'stop db'])
  })

  it('sets no timer for hooks that are done at once, and leaves none behind', async () => {
    const clock = new Clock()
    const db = new Probe('db', [], { start: async () => {} }, { startTimeout: 1, stopTimeout: 1, clock })
    const started = db.startService()
    expect(clock.getDelayedCalls().length).toBe(1)
    await started
    expect(clock.getDelayedCalls()).toEqual([])
    void db.stopService()
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('rejects at once when a collection is out of time, tells who was late, and stops what had started', async () => {
    const clock = new Clock()
    const journal: string[] = []
    const stopping = gate()
    const a = new Probe('a', journal, { stop: () => stopping.promise })
    const b = new Probe('b', journal, { start: forever })
    const c = new Probe('c', journal)
    const group = new MultiService({ name: 'group' }, [b])
    const app = new MultiService({ name: 'app', clock, startTimeout: '30s' }, [a, group, c])
    const started = app.startService()
    clock.advance(30)
    expect(await outcome(started)).toMatchObject({
      code: 'ERR_SENNIT_START_TIMEOUT',
      path: 'app',
      pending: ['app/group/b'],
      message: "Starting 'app' took longer than 30 s: 'app/group/b' had not started",
    })
    expect(journal).toEqual(['start a', 'start b', 'stop a'])
    expect(app.state).toBe('stopping')
    const stopped = app.stopService()
    stopping.open()
    expect(await outcome(stopped)).toBe('done')
    expect([app.state, group.state, a.state, b.state]).toEqual(['failed', 'stopped', 'stopped', 'failed'])
    expect(app.lastError).toMatchObject({ code: 'ERR_SENNIT_START_TIMEOUT' })
  })

  it('is cancelled, not late, what a deadline above has cut short', async () => {
    const clock = new Clock()
    let signal: AbortSignal | undefined
    const start = (hook: HookContext) => {
      signal = hook.signal
      return forever()
    }
    const db = new Probe('db', [], { start })
    const app = new MultiService({ name: 'app', clock, startTimeout: 1 }, [db])
    const started = outcome(app.startService())
    const joined = outcome(db.startService())
    clock.advance(1)
    expect(await started).toMatchObject({ code: 'ERR_SENNIT_START_TIMEOUT' })
    expect(await joined).toBeInstanceOf(CancelledError)
    expect(signal!.reason).toBeInstanceOf(CancelledError)
    expect(db.lastError).toBeInstanceOf(CancelledError)
  })

  it('undoes a child that starts after the deadline of its collection', async () => {
    const clock = new Clock()
    const journal: string[] = []
    const starting = gate()
    const child = new Probe('a', journal, { start: () => starting.promise })
    const app = new MultiService({ name: 'app', clock, startTimeout: 1, log: recorder() }, [child])
    const started = app.startService()
    clock.advance(1)
    await outcome(started)
    expect(app.stopService()).toBeUndefined()
    starting.open()
    await realTurn()
    expect(journal).toEqual(['start a', 'stop a'])
    expect(child.running).toBe(false)
  })
})

describe('Transition, stop deadline', () => {
  it('aborts the signal, rejects with the path, and leaves the service failed', async () => {
    const clock = new Clock()
    let signal: AbortSignal | undefined
    const stop = (hook: HookContext) => {
      signal = hook.signal
      return forever()
    }
    const db = new Probe('db', [], { stop }, { stopTimeout: '2s', clock })
    void db.startService()
    const stopped = db.stopService()
    expect(signal!.aborted).toBe(false)
    clock.advance(2)
    expect(signal!.reason).toMatchObject({ code: 'ERR_SENNIT_STOP_TIMEOUT' })
    expect(await outcome(stopped)).toMatchObject({
      code: 'ERR_SENNIT_STOP_TIMEOUT',
      path: 'db',
      message: "Stopping 'db' took longer than 2 s",
    })
    expect(db).toMatchObject({ state: 'failed', lastError: { code: 'ERR_SENNIT_STOP_TIMEOUT' } })
  })

  it('is stopped when the hook returns after all', async () => {
    const clock = new Clock()
    const stopping = gate()
    const db = new Probe('db', [], { stop: () => stopping.promise }, { stopTimeout: 2, clock })
    void db.startService()
    const stopped = db.stopService()
    clock.advance(2)
    await outcome(stopped)
    stopping.open()
    await realTurn()
    expect(db.state).toBe('stopped')
  })

  it('logs that the hook fails after all', async () => {
    const clock = new Clock()
    const log = recorder()
    const stopping = gate()
    const db = new Probe('db', [], { stop: () => stopping.promise }, { stopTimeout: 2, clock, log })
    void db.startService()
    const stopped = db.stopService()
    clock.advance(2)
    await outcome(stopped)
    stopping.fail(new Error('stuck'))
    await realTurn()
    expect(errorsOf(log)).toEqual([new Error('stuck')])
    expect(db.state).toBe('failed')
  })

  it('lets a stop and a start that come after the deadline wait for the abandoned hook', async () => {
    const clock = new Clock()
    const journal: string[] = []
    const stopping = gate()
    const db = new Probe('db', journal, { stop: () => stopping.promise }, { stopTimeout: 2, clock })
    void db.startService()
    const first = db.stopService()
    clock.advance(2)
    await outcome(first)
    const second = db.stopService()
    const started = db.startService()
    expect(await outcomes(second, started)).toEqual(['pending', 'pending'])
    stopping.open()
    expect(await outcomes(second, started)).toEqual(['done', 'done'])
    expect(journal).toEqual(['start db', 'stop db', 'start db'])
  })

  it('bounds a stop that waits for an abandoned stop', async () => {
    const clock = new Clock()
    const db = new Probe('db', [], { stop: forever }, { stopTimeout: 2, clock })
    void db.startService()
    await expect(Promise.race([db.stopService(), tick(clock, 2)])).rejects.toMatchObject({ path: 'db' })
    const second = db.stopService()
    clock.advance(2)
    expect(await outcome(second)).toMatchObject({ code: 'ERR_SENNIT_STOP_TIMEOUT' })
  })

  it('bounds the waiting for a start that is given up; what starts late is stopped', async () => {
    const clock = new Clock()
    const journal: string[] = []
    const starting = gate()
    const db = new Probe(
      'db',
      journal,
      { start: () => starting.promise },
      { stopTimeout: 2, clock, log: recorder() },
    )
    const started = db.startService()
    const stopped = db.stopService()
    clock.advance(2)
    expect(await outcomes(started, stopped)).toEqual([
      expect.any(CancelledError),
      expect.objectContaining({ code: 'ERR_SENNIT_STOP_TIMEOUT' }),
    ])
    expect(db.state).toBe('failed')
    starting.open()
    await realTurn()
    expect(journal).toEqual(['start db', 'stop db'])
    expect(db.state).toBe('stopped')
  })

  it('goes to the next child when one is out of its own time, and tells which', async () => {
    const clock = new Clock()
    const journal: string[] = []
    const children = [new Probe('a', journal), new Probe('b', journal, { stop: forever }, { stopTimeout: 1 })]
    const app = new MultiService({ name: 'app', clock }, children)
    void app.startService()
    const stopped = app.stopService()
    clock.advance(1)
    expect(await outcome(stopped)).toMatchObject({
      code: 'ERR_SENNIT_STOP',
      errors: [expect.objectContaining({ code: 'ERR_SENNIT_STOP_TIMEOUT', path: 'app/b' })],
    })
    expect(journal).toEqual(['start a', 'start b', 'stop b', 'stop a'])
  })

  it('bounds the whole stop of a root: all that is left is told to stop at once, and the late ones are named', async () => {
    const clock = new Clock()
    const journal: string[] = []
    const signals: AbortSignal[] = []
    const late = (hook: HookContext) => {
      signals.push(hook.signal)
      return forever()
    }
    const a = new Probe('a', journal)
    const b = new Probe('b', journal, { stop: late })
    const c = new Probe('c', journal, { stop: late })
    const group = new MultiService({ name: 'group' }, [new Probe('x', journal), c, new Probe('z', journal)])
    const app = new MultiService({ name: 'app', clock, stopTimeout: '8s' }, [a, b, group])
    void app.startService()
    journal.length = 0
    const stopped = app.stopService()
    clock.advance(7)
    expect(journal).toEqual(['stop z', 'stop c'])
    clock.advance(1)
    expect(await outcome(stopped)).toMatchObject({
      code: 'ERR_SENNIT_STOP_TIMEOUT',
      path: 'app',
      pending: ['app/group/c', 'app/b'],
      message: "Stopping 'app' took longer than 8 s: 'app/group/c', 'app/b' had not stopped",
    })
    expect(journal).toEqual(['stop z', 'stop c', 'stop x', 'stop b', 'stop a'])
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
    expect([app, group, a, b, c].map(({ state }) => state)).toEqual([
      'failed',
      'failed',
      'stopped',
      'failed',
      'failed',
    ])
  })

  it('has what failed otherwise as the cause', async () => {
    const clock = new Clock()
    const a = new Probe('a', [], { stop: forever })
    const b = new Probe('b', [], { stop: () => Promise.reject(new Error('stuck')) })
    const app = new MultiService({ name: 'app', clock, stopTimeout: 8 }, [a, b])
    void app.startService()
    const stopped = app.stopService()
    await realTurn()
    clock.advance(8)
    expect(await outcome(stopped)).toMatchObject({
      code: 'ERR_SENNIT_STOP_TIMEOUT',
      pending: ['app/a'],
      cause: { errors: [expect.objectContaining({ message: 'app/b: stuck' })] },
    })
  })

  it('bounds a root whose start hangs: what had started is stopped, and the hanging one is named', async () => {
    const clock = new Clock()
    const journal: string[] = []
    const children = [new Probe('a', journal), new Probe('b', journal, { start: forever })]
    const app = new MultiService({ name: 'app', clock, stopTimeout: 8 }, children)
    const started = app.startService()
    const stopped = app.stopService()
    clock.advance(8)
    expect(await outcomes(started, stopped)).toEqual([
      expect.any(CancelledError),
      expect.objectContaining({ code: 'ERR_SENNIT_STOP_TIMEOUT', path: 'app', pending: ['app/b'] }),
    ])
    expect(journal).toEqual(['start a', 'start b', 'stop a'])
  })

  it('does not wait for a late child that has left', async () => {
    const db = new Probe('db', [], { stop: forever })
    const app = new MultiService({ name: 'app' }, [db])
    void app.startService()
    const stopped = app.stopService()
    const left = db.disownServiceParent()
    expect(await outcomes(stopped, left)).toEqual(['done', 'pending'])
  })

  it('names those deep below whose start hangs', async () => {
    const clock = new Clock()
    const hanging = ['x', 'y'].map((name) => new Probe(name, [], { start: forever }))
    const group = new MultiService({ name: 'group', order: 'together' }, hanging)
    const app = new MultiService({ name: 'app', clock, stopTimeout: 8 }, [group])
    const started = app.startService()
    const stopped = app.stopService()
    clock.advance(8)
    expect((await outcomes(stopped, started))[0]).toMatchObject({ pending: ['app/group/x', 'app/group/y'] })
  })

  it('bounds a root that waits for the undoing of a child', async () => {
    const clock = new Clock()
    const journal: string[] = []
    const a = new Probe('a', journal)
    const b = new Probe('b', journal, { start: () => Promise.reject(new Error('no')), stop: forever })
    const app = new MultiService({ name: 'app', clock, stopTimeout: 8 }, [a, b])
    void app.privilegedStartService()
    const started = app.startService()
    await realTurn()
    const stopped = app.stopService()
    clock.advance(8)
    expect(await outcomes(started, stopped)).toEqual([
      expect.any(CancelledError),
      expect.objectContaining({ code: 'ERR_SENNIT_STOP_TIMEOUT', pending: ['app/b'] }),
    ])
    expect(journal.slice(2)).toEqual(['start a', 'start b', 'stop b', 'stop a'])
  })

  it('bounds the undoing of a start, which rejects with its own error', async () => {
    const clock = new Clock()
    const error = new Error('no')
    const bodies = { start: () => Promise.reject(error), stop: forever }
    const db = new Probe('db', [], bodies, { clock, stopTimeout: 2 })
    void db.privilegedStartService()
    const started = db.startService()
    await realTurn()
    clock.advance(2)
    expect(await outcome(started)).toBe(error)
    expect(db).toMatchObject({ state: 'failed', lastError: { code: 'ERR_SENNIT_STOP_TIMEOUT' } })
  })

  it('bounds children that are stopped in one turn', async () => {
    const clock = new Clock()
    const journal: string[] = []
    const children = ['a', 'b', 'c'].map(
      (name) => new Probe(name, journal, name === 'b' ? {} : { stop: forever }),
    )
    const app = new MultiService({ name: 'app', clock, stopTimeout: 8, order: 'together' }, children)
    void app.startService()
    const stopped = app.stopService()
    clock.advance(8)
    expect(await outcome(stopped)).toMatchObject({ pending: ['app/c', 'app/a'] })
  })

  it('bounds the own hook of a collection', async () => {
    const clock = new Clock()
    class Group extends MultiService {
      protected override onStop(): Promise<void> {
        return forever()
      }
    }
    const group = new Group({ name: 'group', clock, stopTimeout: 1 }, [new Probe('a', [])])
    void group.startService()
    const stopped = group.stopService()
    clock.advance(1)
    expect(await outcome(stopped)).toMatchObject({ code: 'ERR_SENNIT_STOP_TIMEOUT', path: 'group' })
  })
})

describe('Transition, signals', () => {
  it('gives an aborted signal to whoever reads it only then', async () => {
    const clock = new Clock()
    let hook: HookContext | undefined
    const start = (given: HookContext) => {
      hook = given
      return forever()
    }
    const db = new Probe('db', [], { start }, { startTimeout: 1, clock })
    void outcome(db.startService())
    clock.advance(1)
    expect(hook!.signal.reason).toMatchObject({ code: 'ERR_SENNIT_START_TIMEOUT' })
  })

  it('gives a signal that is never aborted once the hook is done', () => {
    const hooks: HookContext[] = []
    const keep = (hook: HookContext) => void hooks.push(hook)
    const children = ['a', 'b'].map((name) => new Probe(name, [], { start: keep, stop: keep }))
    const app = new MultiService({ name: 'app' }, children)
    void app.startService()
    void app.stopService()
    void app.startService()
    const signals = hooks.map(({ signal }) => signal)
    void app.stopService()
    expect(new Set(signals).size).toBe(6)
    expect(signals.some(({ aborted }) => aborted)).toBe(false)
  })

  it('aborts what is under way below a collection that is stopped, at every level', async () => {
    const clock = new Clock()
    const signals: AbortSignal[] = []
    const start = ({ signal }: HookContext) => {
      signals.push(signal)
      return new Promise<void>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      )
    }
    const inner = new MultiService({ name: 'inner', order: 'together' }, [
      new Probe('a', [], { start }),
      new Probe('b', [], { start }),
    ])
    const app = new MultiService({ name: 'app', clock }, [inner])
    const started = app.startService()
    const states = statesOf(inner)
    const stopped = app.stopService()
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
    expect(await outcomes(started, stopped)).toEqual([expect.any(CancelledError), 'done'])
    expect(states).toEqual(['stopping', 'stopped'])
    expect(app.lastError).toBeUndefined()
  })

  it('passes a signal to a service of another kind', async () => {
    const bare = new Bare('bare', [], {
      start: (options) => {
        bare.signals.push(options.signal)
        return forever()
      },
    })
    const app = new MultiService({ name: 'app' }, [bare])
    void outcome(app.startService())
    void app.stopService()
    expect(bare.signals[0]!.aborted).toBe(true)
  })
})

describe('Transition, calls from inside hooks', () => {
  it.each(['sequence', 'together'] as const)(
    'a child that stops its parent while it starts, in %s',
    async (order) => {
      const journal: string[] = []
      let stopped: void | Promise<void>
      let aborted: boolean | undefined
      const app: Service = new MultiService({ name: 'app', order }, [
        new Probe('a', journal),
        new Probe('b', journal, {
          start: ({ signal }) => {
            stopped = app.stopService()
            aborted = signal.aborted
          },
        }),
        new Probe('c', journal),
      ])
      const started = app.startService()
      expect(await outcome(started)).toBeInstanceOf(CancelledError)
      expect(await outcome(stopped!)).toBe('done')
      expect(aborted).toBe(true)
      expect(journal).toEqual(['start a', 'start b', 'stop b', 'stop a'])
      expect(app.state).toBe('stopped')
    },
  )

  it('a service that stops itself in its start', async () => {
    const journal: string[] = []
    const db: Service = new Probe('db', journal, { start: () => void db.stopService() })
    expect(await outcome(db.startService())).toBeInstanceOf(CancelledError)
    expect(journal).toEqual(['start db', 'stop db'])
    expect(db.state).toBe('stopped')
  })

  it('a service that starts itself again in its stop', async () => {
    const journal: string[] = []
    let once = true
    const stop = () => {
      if (once) void db.startService()
      once = false
    }
    const db: Service = new Probe('db', journal, { stop })
    void db.startService()
    void db.stopService()
    await realTurn()
    expect(journal).toEqual(['start db', 'stop db', 'start db'])
    expect(db).toMatchObject({ running: true, state: 'running' })
  })

  it('a child that starts a sibling, which is started once and at once', () => {
    const journal: string[] = []
    const b = new Probe('b', journal)
    const a = new Probe('a', journal, {
      start: () => {
        expect(b.startService()).toBeUndefined()
        journal.push('a goes on')
      },
    })
    void new MultiService({}, [a, b]).startService()
    expect(journal).toEqual(['start a', 'start b', 'a goes on'])
  })

  it('a service that fails in its own start', async () => {
    const journal: string[] = []
    const db: Service = new Probe('db', journal, { start: () => db.fail(new Error('at once')) })
    const app = new MultiService({ name: 'app' }, [db])
    expect(await outcome(app.startService())).toMatchObject({ message: 'app/db: at once' })
    expect(journal).toEqual(['start db', 'stop db'])
    expect([app.state, db.state]).toEqual(['failed', 'failed'])
  })

  it('a child that joins its own start from inside', async () => {
    let joined: void | Promise<void>
    const db: Service = new Probe('db', [], { start: () => void (joined = db.startService()) })
    void new MultiService({}, [db]).startService()
    expect(await outcome(joined!)).toBe('done')
    expect(db.state).toBe('running')
  })

  it('a child that is watched from its own start on', () => {
    const states: string[] = []
    const db: Service = new Probe('db', [], {
      start: () => void db.onStateChange((state) => states.push(state)),
    })
    void new MultiService({}, [db]).startService()
    expect(states).toEqual(['running'])
  })

  it('a hook that lets a deadline pass', async () => {
    const clock = new Clock()
    const journal: string[] = []
    const b = new Probe('b', journal, { start: () => clock.advance(10) })
    const app = new MultiService({ name: 'app', clock, startTimeout: 5 }, [
      new Probe('a', journal, { start: async () => {} }),
      b,
      new Probe('c', journal, { start: forever }),
    ])
    const started = app.startService()
    expect(await outcome(started)).toMatchObject({ code: 'ERR_SENNIT_START_TIMEOUT', path: 'app' })
    await realTurn()
    expect(journal.slice(-2)).toEqual(['stop b', 'stop a'])
    expect(app.state).toBe('failed')
  })
})

async function tick(clock: Clock, seconds: number): Promise<void> {
  clock.advance(seconds)
  await forever()
}

describe('Transition, what others throw', () => {
  const broken = () => {
    throw new Error('broken')
  }

  it('runs to its end although the log throws at every call', async () => {
    const log = { debug: broken, info: broken, warn: broken, error: broken }
    const late = gate()
    const db = new Probe('db', [], { start: () => late.promise }, { startTimeout: 1 })
    const clock = new Clock()
    const app = new MultiService({ name: 'app', clock, log }, [new Probe('a', []), db])
    const started = app.startService()
    clock.advance(1)
    expect(await outcome(started)).toMatchObject({ code: 'ERR_SENNIT_START_TIMEOUT' })
    late.open()
    await realTurn()
    expect(db.state).toBe('failed')
    app.fail(new Error('logged'))
    expect(await outcome(app.stopService())).toBeOneOf(['done', undefined])
  })

  it('leaves the deadlines of all others alone when the log throws in a failure', async () => {
    const clock = new Clock()
    const log = { ...recorder(), error: broken }
    const failing = new Probe('failing', [], {}, { log })
    void failing.startService()
    failing.fail(new Error('logged'))
    const db = new Probe('db', [], { start: forever }, { clock, startTimeout: 1 })
    const started = db.startService()
    clock.advance(1)
    expect(await outcome(started)).toMatchObject({ code: 'ERR_SENNIT_START_TIMEOUT' })
  })

  it('starts without a deadline when the clock throws, and logs that', async () => {
    const log = recorder()
    const clock = Object.assign(new Clock(), { callLater: broken })
    const db = new Probe('db', [], { start: () => realTurn() }, { clock, log, startTimeout: 1 })
    await db.startService()
    expect(db.state).toBe('running')
    expect(errorsOf(log)).toEqual([new Error('broken')])
  })

  it('settles when a deadline cannot be cancelled, and logs that', async () => {
    const log = recorder()
    const clock = Object.assign(new Clock(), { callLater: () => ({ active: broken, cancel: broken }) })
    const db = new Probe(
      'db',
      [],
      { start: () => realTurn() },
      { clock: clock as never, log, startTimeout: 1 },
    )
    await db.startService()
    expect(db.state).toBe('running')
    expect(errorsOf(log)).toEqual([new Error('broken')])
  })

  it('starts when the reactor cannot tell the time of day', () => {
    const reactor = Object.assign(new Clock(), { now: broken })
    const db = new Probe('db', [], {}, { reactor })
    void db.startService()
    expect(db.state).toBe('running')
    expect(Math.abs(db.since! - Date.now() / 1000)).toBeLessThan(5)
  })

  it.each([{}, { stopTimeout: 1 }])(
    'fails to start when the result of a hook throws as it is looked at, with options %j',
    async (options) => {
      // oxlint-disable-next-line unicorn/no-thenable -- a result that cannot be looked at is what is tested
      const result = Object.defineProperty({}, 'then', { get: broken })
      const db = new Probe('db', [], { start: () => result as never }, options)
      expect(await outcome(db.startService())).toMatchObject({ message: 'broken' })
      const app = new MultiService({ name: 'app' }, [db])
      expect(await outcome(app.startService())).toMatchObject({ code: 'ERR_SENNIT_START' })
      expect([app.state, db.state]).toEqual(['failed', 'failed'])
    },
  )

  it('fails to start when the promise of a hook throws as it is awaited', async () => {
    const promise = Promise.resolve()
    // oxlint-disable-next-line unicorn/no-thenable -- a promise that cannot be awaited is what is tested
    void Object.defineProperty(promise, 'then', { value: broken })
    const db = new Probe('db', [], { start: () => promise })
    expect(await outcome(db.startService())).toMatchObject({ message: 'broken' })
  })
})
