import { channels, Clock, realTurn, type ServiceStateMessage } from '@sennit/runtime'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Application, hooks, MultiService } from '../src/index.ts'
import { Bare, gate, outcome, Probe, recorder } from './kit.ts'

const { serviceState } = channels

let told: ServiceStateMessage[]
const listener = (message: ServiceStateMessage): void => void told.push(message)

/** What was told, as text. */
const changes = (): string[] =>
  told.map(({ path, previous, state, error }) => {
    return `${path}: ${previous} > ${state}${error === undefined ? '' : ` (${error.message})`}`
  })

beforeEach(() => {
  told = []
})

afterEach(() => {
  serviceState.unsubscribe(listener)
  vi.restoreAllMocks()
})

describe('The channel of the states of services', () => {
  it('tells each state of each service, with its path and the state before', async () => {
    serviceState.subscribe(listener)
    const db = new Probe('db', [])
    const app = new Application('api', {}, [new MultiService({ name: 'back' }, [db]), new Bare('bare', [])])
    await app.privilegedStartService()
    expect(changes()).toEqual([
      'api: idle > starting',
      'api/back: idle > starting',
      'api/back/db: idle > starting',
      'api/bare: idle > starting',
    ])
    told = []
    await app.startService()
    expect(changes()).toEqual([
      'api/back/db: starting > running',
      'api/back: starting > running',
      'api/bare: starting > running',
      'api: starting > running',
    ])
    expect(told[0]!.service).toBe(db)
    told = []
    await app.stopService()
    expect(changes()).toEqual([
      'api: running > stopping',
      'api/bare: running > stopping',
      'api/bare: stopping > stopped',
      'api/back: running > stopping',
      'api/back/db: running > stopping',
      'api/back/db: stopping > stopped',
      'api/back: stopping > stopped',
      'api: stopping > stopped',
    ])
  })

  it('tells why a service failed, and no error of a state that is none', async () => {
    serviceState.subscribe(listener)
    const log = recorder()
    const broken = new Probe('db', [], { start: () => Promise.reject(new Error('no disk')) }, { log })
    await outcome(broken.startService())
    expect(changes()).toEqual(['db: idle > starting', 'db: starting > failed (no disk)'])
    broken.bodies.start = () => {}
    await broken.startService()
    broken.fail(new Error('gone'))
    expect(changes().slice(2)).toEqual([
      'db: failed > starting',
      'db: starting > running',
      'db: running > failed (gone)',
    ])
  })

  it('tells a start that is out of time, and what becomes of it', async () => {
    serviceState.subscribe(listener)
    const clock = new Clock()
    const wait = gate()
    const slow = new Probe(
      'slow',
      [],
      { start: () => wait.promise },
      { clock, log: recorder(), startTimeout: 1 },
    )
    const started = outcome(slow.startService())
    clock.advance(1)
    await started
    const late = "(Starting 'slow' took longer than 1 s)"
    expect(changes()).toEqual([
      'slow: idle > starting',
      'slow: starting > stopping',
      `slow: stopping > failed ${late}`,
    ])
    told = []
    wait.open()
    await realTurn()
    // What started too late is stopped again.
    expect(changes()).toEqual(['slow: failed > stopping', `slow: stopping > failed ${late}`])
  })

  it.each(['sequence', 'together'] as const)(
    'is told from the moment on at which somebody listens, also in the midst of a start in %s',
    async (order) => {
      const plain = (name: string) => new Probe(name, [], { start: () => realTurn() })
      const app = new MultiService({ name: 'app', order }, [
        new Probe('before', []),
        hooks('watcher', { start: () => serviceState.subscribe(listener) }),
        plain('after'),
        new MultiService({ name: 'group' }, [new Probe('deep', [])]),
      ])
      await app.startService()
      expect(changes()).not.toContain('app/before: starting > running')
      expect(changes()).toEqual(
        expect.arrayContaining([
          'app/watcher: starting > running',
          'app/after: idle > starting',
          'app/after: starting > running',
          'app/group/deep: starting > running',
          'app: starting > running',
        ]),
      )
    },
  )

  it('is told the end of a hook that nobody watched when it began', async () => {
    const wait = gate()
    const app = new MultiService({ name: 'app' }, [new Probe('slow', [], { start: () => wait.promise })])
    const started = app.startService()
    serviceState.subscribe(listener)
    wait.open()
    await started
    expect(changes()).toEqual(['app/slow: starting > running', 'app: starting > running'])
  })

  it('makes no message when nobody listens, or does any more', async () => {
    const publish = vi.spyOn(serviceState, 'publish')
    const app = new Application('api', {}, [new Probe('db', []), new MultiService({}, [new Probe('a', [])])])
    app.onStateChange(() => {})
    await app.startService()
    serviceState.subscribe(listener)
    serviceState.unsubscribe(listener)
    await app.stopService()
    expect(publish).not.toHaveBeenCalled()
    expect(told).toEqual([])
  })
})
