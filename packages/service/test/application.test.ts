import { Clock } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { Application, MultiService } from '../src/index.ts'
import { Bare, differing, gate, Probe, recorder } from './kit.ts'

describe('Application', () => {
  it('AP-01 AP-02 is the root service and the collection, named, without a parent', () => {
    const child = new Bare('child', [])
    const app = new Application('api', {}, [child])
    expect(app).toBeInstanceOf(MultiService)
    expect(app).toMatchObject({ name: 'api', parent: undefined, running: false, path: 'api' })
    expect([...app]).toEqual([child])
    expect(app.getServiceNamed('child')).toBe(child)
  })

  it('AP-01 AP-03 has the settings of the process, none unless given', () => {
    const plain = new Application('api')
    expect([plain.uid, plain.gid, plain.processName]).toEqual([undefined, undefined, undefined])
    const app = new Application('api', { uid: 33, gid: 'www-data', processName: 'api-1' })
    expect([app.uid, app.gid, app.processName]).toEqual([33, 'www-data', 'api-1'])
  })

  it('AP-01 AP-04 has a JSON form of its whole tree', () => {
    const app = new Application('api', {}, [
      new MultiService({ name: 'group' }, [new MultiService({ name: 'low' })]),
    ])
    void app.startService()
    expect(JSON.parse(JSON.stringify(app))).toEqual({
      name: 'api',
      services: [{ name: 'group', services: [{ name: 'low', services: [] }] }],
    })
  })

  it('refuses a name that is no string, and settings that are none', () => {
    expect(() => new Application(undefined as never)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_SERVICE_OPTION', option: 'name' }),
    )
    expect(() => new Application('api', { uid: -1 })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_SERVICE_OPTION', option: 'uid' }),
    )
  })

  it('gives all below it another reactor, and its time with it', () => {
    const [first, second] = [new Clock(), new Clock()]
    const db = new Probe('db', [])
    const app = new Application('api', { reactor: first, log: recorder() }, [new MultiService({}, [db])])
    expect(db.context.reactor).toBe(first)
    app.reactor = second
    expect(app.reactor).toBe(second)
    expect(differing(db.context, { reactor: second, clock: second, log: app.context.log })).toEqual([])
  })

  it('keeps the clock that it was given when it gets another reactor', () => {
    const [clock, reactor] = [new Clock(), new Clock()]
    const app = new Application('api', { clock, stopTimeout: 1, onFailure: 'log' })
    app.reactor = reactor
    expect(differing(app.context, { clock, reactor })).toEqual([])
  })

  it('keeps its deadlines when it gets another reactor', async () => {
    const world = new Clock()
    const app = new Application('api', { stopTimeout: 1 }, [
      new Probe('db', [], { stop: () => gate().promise }),
    ])
    app.reactor = world
    void app.startService()
    const stopped = app.stopService()
    world.advance(1)
    await expect(stopped).rejects.toMatchObject({ code: 'ERR_SENNIT_STOP_TIMEOUT' })
  })

  it('refuses another reactor from the privileged start to the end of the stop', async () => {
    const [starting, stopping] = [gate(), gate()]
    const log = recorder()
    const db = new Probe('db', [], { start: () => starting.promise, stop: () => stopping.promise })
    const app = new Application('api', { log }, [db])
    const { reactor } = app
    const refused = (state: string) => {
      expect(() => {
        app.reactor = new Clock()
      }).toThrow(
        expect.objectContaining({
          code: 'ERR_SENNIT_REACTOR_IN_USE',
          message: expect.stringContaining(state),
        }),
      )
      expect(app.reactor).toBe(reactor)
    }
    void app.privilegedStartService()
    refused('starting')
    const started = app.startService()
    refused('starting')
    starting.open()
    await started
    refused('running')
    app.fail(new Error('lost'))
    refused('failed')
    const stopped = app.stopService()
    refused('stopping')
    stopping.open()
    await stopped
    const other = new Clock()
    app.reactor = other
    expect(app.reactor).toBe(other)
  })

  it('can be given another log, which is inherited from the next start on', async () => {
    const [first, second] = [recorder(), recorder()]
    const db = new Probe('db', [])
    const app = new Application('api', { log: first }, [db])
    expect(app.log).toBe(first)
    await app.startService()
    app.log = second
    expect(differing(db.context, { ...db.context, log: first })).toEqual([])
    await app.stopService()
    expect(app.log).toBe(second)
    await app.startService()
    expect(differing(db.context, { ...db.context, log: second })).toEqual([])
    expect(() => {
      app.log = { info() {} } as never
    }).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_SERVICE_OPTION', option: 'log' }))
    expect(app.log).toBe(second)
  })

  it('refuses a reactor that cannot tell the time', () => {
    const app = new Application('api')
    expect(() => {
      app.reactor = { seconds: () => 0 } as never
    }).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_SERVICE_OPTION', option: 'reactor' }))
  })
})
