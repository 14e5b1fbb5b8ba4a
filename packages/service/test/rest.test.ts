import { Clock } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { MultiService, type MultiServiceOptions, Service } from '../src/index.ts'
import { Bare, errorsOf, gate, outcome, Probe, recorder, type Bodies } from './kit.ts'

/** Writes into the journal that it rests, and how it stands then. */
class Sleeper extends Probe {
  whenResting: () => void = () => {}

  /** Whether a start of it is expected. */
  get expected(): boolean {
    return this.startExpected
  }

  protected override onRest(): void {
    this.journal.push(`rest ${this.name}`)
    this.whenResting()
  }
}

const NOTHING: string[] = []

/** What was told that it rests since this was asked last; it may be told so by several. */
function rests(journal: string[]): () => string[] {
  return () => [...new Set(journal.splice(0).filter((entry) => entry.startsWith('rest')))]
}

function alone(bodies: Bodies = {}, options: MultiServiceOptions = {}) {
  const journal: string[] = []
  return { db: new Sleeper('db', journal, bodies, options), journal, rested: rests(journal) }
}

/** `app`, which has `first`, `group` with `db`, and `last`; the two others do what the test says. */
function tree(first: Bodies = {}, last: Bodies = {}, db: Bodies = {}, options: MultiServiceOptions = {}) {
  const journal: string[] = []
  const sleeper = new Sleeper('db', journal, db)
  const group = new MultiService({ name: 'group' }, [sleeper])
  const app = new MultiService({ name: 'app', ...options }, [
    new Probe('first', journal, first),
    group,
    new Probe('last', journal, last),
  ])
  return { app, group, db: sleeper, journal, rested: rests(journal) }
}

const held = () => {
  const door = gate()
  return { door, bodies: { stop: () => door.promise } }
}

describe('A service that rests', () => {
  it('is told at the end of its stop, before that has settled', async () => {
    const { door, bodies } = held()
    const { db, journal } = alone(bodies)
    await db.startService()
    const stopped = Promise.resolve(db.stopService()).then(() => journal.push('settled'))
    expect(journal).toEqual(['start db', 'stop db'])
    door.open()
    await stopped
    expect(journal).toEqual(['start db', 'stop db', 'rest db', 'settled'])
    expect(db.state).toBe('stopped')
  })

  it('is told inside a stop that takes no time', () => {
    const { db, journal } = alone()
    void db.startService()
    void db.stopService()
    expect(journal).toEqual(['start db', 'stop db', 'rest db'])
  })

  it.each<[string, (db: Sleeper) => unknown]>([
    ['never started', () => {}],
    ['stopped already', (db) => [db.startService(), db.stopService()]],
  ])('is told by a stop that finds nothing to do: %s', async (_what, before) => {
    const { db, rested } = alone()
    before(db)
    rested()
    await db.stopService()
    expect(rested()).toEqual(['rest db'])
  })

  it.each<[string, Bodies]>([
    [
      'throws',
      {
        start: () => {
          throw new Error('no disk')
        },
      },
    ],
    ['rejects', { start: () => Promise.reject(new Error('no disk')) }],
    ['was privileged', { privileged: () => Promise.reject(new Error('no disk')) }],
  ])('is told when its start has failed: one that %s', async (_what, bodies) => {
    const { db, rested } = alone(bodies)
    await outcome(bodies.privileged === undefined ? db.startService() : db.privilegedStartService())
    expect(rested()).toEqual(['rest db'])
    expect(db.state).toBe('failed')
  })

  it('expects no start any more while others are told that it has failed', async () => {
    const { db } = alone({ start: () => Promise.reject(new Error('no disk')) })
    const seen: unknown[] = []
    db.onStateChange((state) => seen.push([state, db.expected]))
    await outcome(db.startService())
    expect(seen).toEqual([
      ['starting', true],
      ['failed', false],
    ])
  })

  it('is told when its stop has failed', async () => {
    const { db, rested } = alone({ stop: () => Promise.reject(new Error('no disk')) })
    await db.startService()
    expect(await outcome(db.stopService())).toBeInstanceOf(Error)
    expect(rested()).toEqual(['rest db'])
  })

  it('is told when its start was given up, after what had started is stopped', async () => {
    const door = gate()
    const { db, journal } = alone({ start: () => door.promise })
    const started = outcome(db.startService())
    const stopped = db.stopService()
    expect(journal).toEqual(['start db'])
    door.open()
    await stopped
    await started
    expect(journal).toEqual(['start db', 'stop db', 'rest db'])
  })

  it('is not told while a start waits for the stop, but when that is dropped', async () => {
    const { door, bodies } = held()
    const { db, rested } = alone(bodies)
    await db.startService()
    const control = new AbortController()
    const states = [outcome(db.stopService()), outcome(db.startService({ signal: control.signal }))]
    expect(db.expected).toBe(true)
    control.abort(new Error('changed my mind'))
    expect(db.expected).toBe(false)
    door.open()
    await Promise.all(states)
    expect(rested()).toEqual(['rest db'])
  })

  it('is not told when it starts again after the stop', async () => {
    const { door, bodies } = held()
    const { db, rested } = alone(bodies)
    await db.startService()
    void db.stopService()
    const started = db.startService()
    door.open()
    await started
    expect(rested()).toEqual(NOTHING)
    expect(db.state).toBe('running')
  })

  it('is told nothing when it fails: that is still to be stopped', async () => {
    const log = recorder()
    const { db, rested } = alone({}, { log })
    await db.startService()
    db.fail(new Error('no disk'))
    expect(rested()).toEqual(NOTHING)
    await db.stopService()
    expect(rested()).toEqual(['rest db'])
  })

  it.each<[string, 'start' | 'stop']>([
    ['a start', 'start'],
    ['a stop', 'stop'],
  ])('is told when nobody waits any more for %s', async (_what, hook) => {
    const clock = new Clock()
    const door = gate()
    const options = { clock, log: recorder(), startTimeout: 5, stopTimeout: 5 }
    const { db, rested } = alone({ [hook]: () => door.promise }, options)
    const started = outcome(db.startService())
    const stopped = hook === 'stop' ? outcome(db.stopService()) : undefined
    clock.advance(5)
    expect(rested()).toEqual(['rest db'])
    const control = new AbortController()
    const again = outcome(db.startService({ signal: control.signal }))
    expect(db.expected).toBe(true)
    control.abort(new Error('changed my mind'))
    expect(rested()).toEqual(['rest db'])
    door.open()
    await Promise.all([started, stopped, again])
  })

  it('may start again inside that', async () => {
    const { db, journal } = alone()
    await db.startService()
    db.whenResting = () => {
      db.whenResting = () => {}
      void db.startService()
    }
    await db.stopService()
    expect(journal).toEqual(['start db', 'stop db', 'rest db', 'start db'])
    expect([db.state, db.running]).toEqual(['running', true])
  })

  it('does no harm when it throws', async () => {
    const log = recorder()
    const { db } = alone({}, { log })
    await db.startService()
    const thrown = new Error('no bed')
    db.whenResting = () => {
      throw thrown
    }
    expect(await outcome(db.stopService())).toBe('done')
    expect(db.state).toBe('stopped')
    expect(errorsOf(log)).toEqual([thrown])
  })
})

describe('A service below others that rests', () => {
  it('is told at its own stop, while others are still stopping', async () => {
    const { door, bodies } = held()
    const { app, rested } = tree(bodies)
    await app.startService()
    const stopped = app.stopService()
    expect(rested()).toEqual(['rest db'])
    door.open()
    await stopped
  })

  it('is told inside a walk that goes on', async () => {
    const { door, bodies } = held()
    const journal: string[] = []
    const app = new MultiService({}, [new Probe('first', journal, bodies), new Sleeper('db', journal)])
    await app.startService()
    const stopped = app.stopService()
    expect(journal.slice(2)).toEqual(['stop db', 'rest db', 'stop first'])
    door.open()
    await stopped
  })

  it('is not told while a start of the one above waits, and starts with it', async () => {
    const { door, bodies } = held()
    const { app, db, rested } = tree(bodies)
    await app.startService()
    void app.stopService()
    // Its own stop took no time.
    expect(rested()).toEqual(['rest db'])
    const started = app.startService()
    expect(db.expected).toBe(true)
    door.open()
    await started
    expect(rested()).toEqual(NOTHING)
    expect(db.state).toBe('running')
  })

  it('is not told when its stop ends after a start of the one above was asked for', async () => {
    const { door, bodies } = held()
    const { app, db, rested } = tree({}, {}, bodies)
    await app.startService()
    void app.stopService()
    const started = app.startService()
    door.open()
    await started
    expect(rested()).toEqual(NOTHING)
    expect(db.state).toBe('running')
  })

  it('is told when the start above that it waited for is dropped', async () => {
    const { door, bodies } = held()
    const { app, db, rested } = tree(bodies, {}, { stop: () => Promise.resolve() })
    await app.startService()
    const states = [outcome(app.stopService()), outcome(app.startService())]
    await outcome(undefined)
    expect([db.state, ...rested()]).toEqual(['stopped'])
    void app.stopService()
    door.open()
    await Promise.all(states)
    expect(rested()).toContain('rest db')
  })

  it.each<[string, (app: MultiService) => Promise<unknown> | void]>([
    ['was never started', () => {}],
    ['has been stopped', (app) => Promise.all([app.startService(), app.stopService()])],
  ])('is told by a stop of the one above that finds nothing to do: it %s', async (_what, before) => {
    const { app, rested } = tree()
    await before(app)
    rested()
    await app.stopService()
    expect(rested()).toEqual(['rest db'])
  })

  it('is told when the start above failed before it came to it', async () => {
    const { app, db, journal } = tree({ start: () => Promise.reject(new Error('no disk')) })
    const started = outcome(app.startService())
    expect(db.expected).toBe(true)
    await started
    expect(db.expected).toBe(false)
    expect(new Set(journal)).toEqual(new Set(['start first', 'rest db']))
    expect(db.state).toBe('idle')
  })

  it('expects no start of the one above that has failed, and waits for others', async () => {
    const door = gate()
    const db = new Sleeper('db', [])
    const fails = () => {
      throw new Error('no disk')
    }
    const app = new MultiService({ order: 'together' }, [
      new Probe('slow', [], { start: () => door.promise }),
      new Probe('broken', [], { start: fails }),
      db,
    ])
    const started = outcome(app.startService())
    expect([app.state, db.state, db.expected]).toEqual(['starting', 'idle', false])
    door.open()
    await started
  })

  it('is told when the start above failed after it', async () => {
    const { app, journal } = tree({}, { start: () => Promise.reject(new Error('no disk')) })
    await outcome(app.startService())
    expect(journal.slice(0, 4)).toEqual(['start first', 'start db', 'start last', 'stop db'])
    expect(journal.slice(4)).toContain('rest db')
  })

  it('is told when the start above is given up before it came to it', async () => {
    const door = gate()
    const { app, db, rested } = tree({ start: () => door.promise })
    const started = outcome(app.startService())
    const stopped = app.stopService()
    expect(rested()).toEqual(NOTHING)
    expect(db.expected).toBe(false)
    door.open()
    await stopped
    await started
    expect(rested()).toContain('rest db')
  })

  it('is told when the start above is past its deadline before it came to it', async () => {
    const clock = new Clock()
    const options = { clock, startTimeout: 5, log: recorder() }
    const { app, rested } = tree({ start: () => new Promise(() => {}) }, {}, {}, options)
    const started = outcome(app.startService())
    clock.advance(5)
    await started
    expect(rested()).toContain('rest db')
  })

  it('is told when it is stopped alone, although the start above is still under way', async () => {
    const door = gate()
    const { app, db, rested } = tree({}, { start: () => door.promise })
    const started = app.startService()
    expect(db.state).toBe('running')
    await db.stopService()
    expect(db.expected).toBe(false)
    expect(rested()).toEqual(['rest db'])
    door.open()
    await started
  })

  it.each(['sequence', 'together'] as const)(
    'is not told by its own stop when the start above is yet to come to it, %s',
    async (order) => {
      const door = gate()
      const { app, db, rested } = tree({ start: () => door.promise }, {}, {}, { order })
      const started = app.startService()
      const expected = order === 'sequence'
      expect(db.expected).toBe(expected)
      await db.stopService()
      expect(rested()).toEqual(expected ? NOTHING : ['rest db'])
      door.open()
      await started
      expect(db.state).toBe(expected ? 'running' : 'stopped')
    },
  )

  it('is told nothing when what is above an active collection rests', async () => {
    const { app, group, db, rested } = tree()
    await group.startService()
    await app.stopService()
    expect(db.state).toBe('running')
    expect(rested()).toEqual(NOTHING)
  })

  it('is told when it is added to a collection that is below others already', async () => {
    const journal: string[] = []
    const group = new MultiService()
    const app = new MultiService({}, [group])
    void group.addService(new Sleeper('late', journal))
    void group.addService(new Service())
    await app.stopService()
    expect(journal).toEqual(['rest late'])
  })

  it('is told nothing when it is taken from a collection that does nothing', async () => {
    const { app, db, rested } = tree()
    await db.disownServiceParent()
    await app.startService()
    await app.stopService()
    expect(rested()).toEqual(NOTHING)
  })

  it('is told nothing when another that is told starts all', async () => {
    const { app, db, rested } = tree()
    const waker = new Sleeper('waker', [])
    waker.whenResting = () => void app.startService()
    const top = new MultiService({}, [waker, app])
    await top.stopService()
    expect(rested()).toEqual(NOTHING)
    expect(db.state).toBe('running')
  })

  it('is told although it is of another kind, when it can be', async () => {
    const told: string[] = []
    const foreign = Object.assign(new Bare('foreign', []), { onRest: () => void told.push('foreign') })
    await new MultiService({}, [foreign, new Bare('deaf', [])]).stopService()
    expect(told).toEqual(['foreign'])
  })

  it('is told in a tree of any depth', async () => {
    const { db, rested } = alone()
    let top: Service = db
    for (let i = 0; i < 20_000; i++) top = new MultiService({}, [top])
    await top.stopService()
    expect(rested()).toEqual(['rest db'])
  })
})
