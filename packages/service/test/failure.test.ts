import { describe, expect, it } from 'vitest'
import { MultiService, type Service } from '../src/index.ts'
import { errorsOf, gate, outcome, Probe, recorder } from './kit.ts'

describe('A failure after the start', () => {
  const tree = (middle: object = {}, leaf: object = {}, root: object = {}) => {
    const log = recorder()
    const db = new Probe('db', [], {}, leaf)
    const group = new MultiService({ name: 'group', ...middle }, [db])
    const app = new MultiService({ name: 'app', log, ...root }, [group])
    return { app, group, db, log }
  }

  it('hands a failure up to the root, where it is logged with the path of the service', () => {
    const { app, group, db, log } = tree()
    void app.startService()
    const error = new Error('lost')
    db.fail(error)
    for (const service of [app, group, db]) {
      expect(service).toMatchObject({ state: 'failed', running: false, lastError: error })
    }
    expect(errorsOf(log)).toEqual([error])
    expect(log.events.at(-1)!.fields).toMatchObject({ service: 'app/group/db' })
  })

  it.each(['group', 'db'] as const)('ends at the first service that logs it: %s', (who) => {
    const { app, group, db, log } = who === 'db' ? tree({}, { onFailure: 'log' }) : tree({ onFailure: 'log' })
    void app.startService()
    const error = new Error('lost')
    db.fail(error)
    expect(db.state).toBe('failed')
    expect(group.state).toBe('running')
    expect(app.state).toBe('running')
    expect(errorsOf(log)).toEqual([error])
    expect(log.events.at(-1)!.fields).toMatchObject({ service: 'app/group/db' })
  })

  it.each(['group', 'app'] as const)(
    'ends at the first service with a function, which gets the error and the child: %s',
    (who) => {
      const seen: unknown[] = []
      const onFailure = (error: Error, service: Service) => seen.push(error.message, service.name)
      const { app, group, db, log } = who === 'group' ? tree({ onFailure }) : tree({}, {}, { onFailure })
      void app.startService()
      db.fail(new Error('lost'))
      expect(seen).toEqual(['lost', who === 'group' ? 'db' : 'group'])
      expect(app.state).toBe('running')
      expect(group.state).toBe(who === 'group' ? 'running' : 'failed')
      expect(errorsOf(log)).toEqual([])
    },
  )

  it('logs what a failure function throws', () => {
    const { app, db, log } = tree({
      onFailure: () => {
        throw new Error('in the handler')
      },
    })
    void app.startService()
    db.fail(new Error('lost'))
    expect(errorsOf(log)).toEqual([new Error('in the handler')])
    expect(app.state).toBe('running')
  })

  it('lets a failure function start the service again', () => {
    const journal: string[] = []
    const db = new Probe('db', journal)
    const app = new MultiService({ onFailure: (_, service) => void service.startService() }, [db])
    void app.startService()
    db.fail(new Error('lost'))
    expect(journal).toEqual(['start db', 'stop db', 'start db'])
    expect(db.state).toBe('running')
    expect(app.state).toBe('running')
  })

  it('stops once, whole, after a failure', () => {
    const { app, group, db } = tree()
    void app.startService()
    db.fail(new Error('lost'))
    void app.stopService()
    expect([app.state, group.state, db.state]).toEqual(['stopped', 'stopped', 'stopped'])
    expect(db.journal).toEqual(['start db', 'stop db'])
    expect(db.lastError).toMatchObject({ message: 'lost' })
  })

  it('makes the start of the parent fail, with the path in front, when it comes while others still start', async () => {
    const waiting = gate()
    const journal: string[] = []
    const db = new Probe('db', journal)
    const web = new Probe('web', journal, { start: () => waiting.promise })
    const app = new MultiService({ name: 'app' }, [db, web])
    const started = app.startService()
    db.fail(new Error('lost'))
    waiting.open()
    expect(await outcome(started)).toMatchObject({ message: 'app/db: lost', path: 'app/db' })
    expect(journal).toEqual(['start db', 'start web', 'stop web', 'stop db'])
    expect(app.state).toBe('failed')
  })

  it('hands a failure to a parent of another kind that wants to know', () => {
    const seen: unknown[] = []
    const parent = {
      addService: () => {},
      removeService: () => {},
      getServiceNamed: () => {},
      childFailed: (child: Service, error: Error) => seen.push(child.name, error.message),
    }
    const log = recorder()
    const db = new Probe('db', [], {}, { log })
    void db.setServiceParent(parent as never)
    void db.startService()
    db.fail(new Error('lost'))
    expect(seen).toEqual(['db', 'lost'])
    expect(errorsOf(log)).toEqual([])
  })

  it('is logged when a parent of another kind throws, and so is what it throws', () => {
    const log = recorder()
    const db = new Probe('db', [], {}, { log })
    const parent = {
      addService() {},
      removeService() {},
      getServiceNamed() {},
      childFailed() {
        throw new Error('no ear')
      },
    }
    void db.setServiceParent(parent as never)
    void db.startService()
    db.fail(new Error('lost'))
    expect(errorsOf(log)).toEqual([new Error('lost'), new Error('no ear')])
  })

  it('takes the failure of a child of another kind', () => {
    const log = recorder()
    const app = new MultiService({ name: 'app', log })
    void app.startService()
    app.childFailed(new Probe('far', []), new Error('lost'))
    expect(app).toMatchObject({ state: 'failed', lastError: new Error('lost') })
    const calm = new MultiService({ name: 'calm', log, onFailure: 'log' })
    void calm.startService()
    calm.childFailed(new Probe('far', []), new Error('lost'))
    expect(calm.state).toBe('running')
    expect(errorsOf(log).length).toBe(2)
  })
})
