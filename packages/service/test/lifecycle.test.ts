import { CancelledError, Clock, realTurn } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import type { HookContext } from '../src/index.ts'
import { MultiService } from '../src/index.ts'
import { errorsOf, type Gate, gate, outcome, outcomes, Probe, recorder, statesOf } from './kit.ts'

type Call = 'privilegedStartService' | 'startService' | 'stopService'

/** A service whose hooks wait for gates, one for each call. */
class Gated {
  readonly journal: string[] = []
  readonly log = recorder()
  readonly clock = new Clock()
  readonly privileged: Gate[] = []
  readonly start: Gate[] = []
  readonly stop: Gate[] = []
  readonly hooks: HookContext[] = []
  readonly service: Probe

  constructor(options: object = {}) {
    const wait = (gates: Gate[]) => (hook: HookContext) => {
      this.hooks.push(hook)
      const next = gate()
      gates.push(next)
      return next.promise
    }
    const { log, clock } = this
    this.service = new Probe(
      'db',
      this.journal,
      { privileged: wait(this.privileged), start: wait(this.start), stop: wait(this.stop) },
      { log, clock, ...options },
    )
  }

  /** Opens all gates there are, again and again, until nothing moves. */
  async settle(): Promise<void> {
    for (let i = 0; i < 6; i++) {
      for (const each of [...this.privileged, ...this.start, ...this.stop]) each.open()
      await realTurn()
    }
  }
}

const REST: Record<string, (gated: Gated) => Promise<void>> = {
  idle: async () => {},
  prepared: async ({ service, privileged }) => {
    const done = service.privilegedStartService()
    privileged[0]!.open()
    await done
  },
  running: async ({ service, start }) => {
    const done = service.startService()
    start[0]!.open()
    await done
  },
  'failed, stop due': async (gated) => {
    await REST['running']!(gated)
    gated.service.fail(new Error('later'))
  },
  'failed, nothing due': async ({ service, start }) => {
    const done = service.startService()
    start[0]!.fail(new Error('never'))
    await outcome(done)
  },
  stopped: async (gated) => {
    await REST['running']!(gated)
    const done = gated.service.stopService()
    gated.stop[0]!.open()
    await done
  },
}

describe('Lifecycle at rest', () => {
  it.each<[string, Call, string[], string]>([
    ['idle', 'privilegedStartService', ['privileged db'], 'starting'],
    ['idle', 'startService', ['start db'], 'running'],
    ['idle', 'stopService', [], 'idle'],
    ['stopped', 'privilegedStartService', ['privileged db'], 'starting'],
    ['stopped', 'startService', ['start db'], 'running'],
    ['stopped', 'stopService', [], 'stopped'],
    ['failed, nothing due', 'privilegedStartService', ['privileged db'], 'starting'],
    ['failed, nothing due', 'startService', ['start db'], 'running'],
    ['failed, nothing due', 'stopService', [], 'failed'],
    ['prepared', 'privilegedStartService', [], 'starting'],
    ['prepared', 'startService', ['start db'], 'running'],
    ['prepared', 'stopService', ['stop db'], 'stopped'],
    ['running', 'privilegedStartService', [], 'running'],
    ['running', 'startService', [], 'running'],
    ['running', 'stopService', ['stop db'], 'stopped'],
    ['failed, stop due', 'privilegedStartService', ['stop db', 'privileged db'], 'starting'],
    ['failed, stop due', 'startService', ['stop db', 'start db'], 'running'],
    ['failed, stop due', 'stopService', ['stop db'], 'stopped'],
  ])('when %s, %s calls %j and ends %s', async (rest, call, hooks, state) => {
    const gated = new Gated()
    await REST[rest]!(gated)
    gated.journal.length = 0
    const done = gated.service[call]()
    expect(done === undefined).toBe(hooks.length === 0)
    expect(gated.service.running).toBe(
      call === 'startService' || (call === 'privilegedStartService' && rest === 'running'),
    )
    await gated.settle()
    expect(await outcome(done)).toBe('done')
    expect(gated.journal).toEqual(hooks)
    expect(gated.service.state).toBe(state)
  })

  it.each<[string, string]>([
    ['idle', 'idle'],
    ['stopped', 'stopped'],
    ['failed, nothing due', 'failed'],
    ['prepared', 'failed'],
    ['running', 'failed'],
    ['failed, stop due', 'failed'],
  ])('when %s, a failure leads to %s, is kept and logged', async (rest, state) => {
    const gated = new Gated()
    await REST[rest]!(gated)
    gated.log.events.length = 0
    const error = new Error('now')
    gated.service.fail(error)
    expect(gated.service).toMatchObject({ state, lastError: error, running: false })
    expect(errorsOf(gated.log)).toEqual([error])
  })
})

const TRANSIT: Record<string, (gated: Gated) => void> = {
  'privileged start': ({ service }) => void outcome(service.privilegedStartService()),
  start: ({ service }) => void outcome(service.startService()),
  'start, cut short': ({ service }) => {
    void outcome(service.startService())
    void outcome(service.stopService())
  },
  stop: ({ service }) => void outcome(service.stopService()),
}

describe('Lifecycle in transit', () => {
  it.each<[string, Call, string[], string, boolean]>([
    ['privileged start', 'privilegedStartService', [], 'starting', false],
    ['privileged start', 'startService', ['start db'], 'running', true],
    ['privileged start', 'stopService', ['stop db'], 'stopped', false],
    ['start', 'privilegedStartService', [], 'running', true],
    ['start', 'startService', [], 'running', true],
    ['start', 'stopService', ['stop db'], 'stopped', false],
    ['start, cut short', 'privilegedStartService', ['stop db', 'privileged db'], 'starting', false],
    ['start, cut short', 'startService', ['stop db', 'start db'], 'running', true],
    ['start, cut short', 'stopService', ['stop db'], 'stopped', false],
    ['stop', 'privilegedStartService', ['privileged db'], 'starting', false],
    ['stop', 'startService', ['start db'], 'running', true],
    ['stop', 'stopService', [], 'stopped', false],
  ])('during a %s, %s calls %j then and ends %s', async (transit, call, hooks, state, running) => {
    const gated = new Gated()
    if (transit === 'stop') await REST['running']!(gated)
    TRANSIT[transit]!(gated)
    gated.journal.length = 0
    const done = gated.service[call]()
    expect(await outcome(done)).toBe('pending')
    expect(gated.service.running).toBe(running)
    await gated.settle()
    expect(await outcome(done)).toBe('done')
    expect(gated.journal).toEqual(hooks)
    expect(gated.service).toMatchObject({ state, running })
  })

  it.each(['privileged start', 'start'])(
    'during a %s, a failure cuts it short and is what it rejects with',
    async (transit) => {
      const gated = new Gated()
      const done = transit === 'start' ? gated.service.startService() : gated.service.privilegedStartService()
      const { signal } = gated.hooks[0]!
      const error = new Error('fatal')
      gated.service.fail(error)
      expect(signal.reason).toBe(error)
      expect(await outcome(done)).toBe('pending')
      await gated.settle()
      expect(await outcome(done)).toBe(error)
      expect(gated.service).toMatchObject({ state: 'failed', lastError: error, running: false })
      expect(gated.journal.at(-1)).toBe('stop db')
      expect(errorsOf(gated.log)).toEqual([])
    },
  )

  it.each(['start, cut short', 'stop'])(
    'during a %s, a failure is logged and changes nothing',
    async (transit) => {
      const gated = new Gated()
      if (transit === 'stop') await REST['running']!(gated)
      TRANSIT[transit]!(gated)
      gated.service.fail(new Error('too late'))
      await gated.settle()
      expect(gated.service.state).toBe('stopped')
      expect(errorsOf(gated.log)).toEqual([new Error('too late')])
    },
  )
})

describe('Lifecycle, overlap', () => {
  it('gives each caller a promise of its own', async () => {
    const gated = new Gated()
    const starts = [gated.service.startService(), gated.service.startService()]
    expect(starts[0]).toBeInstanceOf(Promise)
    expect(starts[0]).not.toBe(starts[1])
    await gated.settle()
    expect(await outcomes(...starts)).toEqual(['done', 'done'])
    const stops = [gated.service.stopService(), gated.service.stopService()]
    expect(stops[0]).not.toBe(stops[1])
    await gated.settle()
    expect(await outcomes(...stops)).toEqual(['done', 'done'])
    expect(gated.journal).toEqual(['start db', 'stop db'])
  })

  it('tells all who joined why it failed', async () => {
    const gated = new Gated()
    const starts = [
      gated.service.startService(),
      gated.service.startService(),
      gated.service.privilegedStartService(),
    ]
    const error = new Error('no')
    gated.start[0]!.fail(error)
    expect(await outcomes(...starts)).toEqual([error, error, error])
  })

  it('aborts the signal of a start that is stopped, waits for it, stops it, and rejects with CancelledError', async () => {
    const gated = new Gated()
    const states = statesOf(gated.service)
    const started = gated.service.startService()
    const { signal } = gated.hooks[0]!
    expect(signal.aborted).toBe(false)
    const stopped = gated.service.stopService()
    expect(signal.aborted).toBe(true)
    expect(signal.reason).toMatchObject({ code: 'ABORT_ERR' })
    expect(gated.service).toMatchObject({ running: false, state: 'stopping' })
    await realTurn()
    expect(gated.journal).toEqual(['start db'])
    gated.start[0]!.open()
    await realTurn()
    expect(gated.journal).toEqual(['start db', 'stop db'])
    expect([await outcome(started), await outcome(stopped)]).toEqual(['pending', 'pending'])
    gated.stop[0]!.open()
    expect(await outcome(started)).toBeInstanceOf(CancelledError)
    expect(await outcome(stopped)).toBe('done')
    expect(states).toEqual(['starting', 'stopping', 'stopped'])
    expect(gated.service.lastError).toBeUndefined()
  })

  it('calls no stop hook for a start that failed after it was stopped', async () => {
    const gated = new Gated()
    const started = gated.service.startService()
    const stopped = gated.service.stopService()
    gated.start[0]!.fail(new Error('interrupted'))
    expect(await outcome(started)).toBeInstanceOf(CancelledError)
    expect(await outcome(stopped)).toBe('done')
    expect(gated.journal).toEqual(['start db'])
  })

  it('tells the stop, not the start, that undoing failed', async () => {
    const gated = new Gated()
    const started = gated.service.startService()
    const stopped = gated.service.stopService()
    gated.start[0]!.open()
    await realTurn()
    const error = new Error('stuck')
    gated.stop[0]!.fail(error)
    expect(await outcomes(started, stopped)).toEqual([expect.any(CancelledError), error])
    expect(gated.service).toMatchObject({ state: 'failed', lastError: error })
    expect(errorsOf(gated.log)).toEqual([])
  })

  it('lets the last word win: start, stop, start', async () => {
    const gated = new Gated()
    const first = gated.service.startService()
    const stopped = gated.service.stopService()
    const second = gated.service.startService()
    expect(gated.service.running).toBe(true)
    await gated.settle()
    expect(await outcome(first)).toBeInstanceOf(CancelledError)
    expect(await outcome(stopped)).toBe('done')
    expect(await outcome(second)).toBe('done')
    expect(gated.journal).toEqual(['start db', 'stop db', 'start db'])
    expect(gated.service).toMatchObject({ running: true, state: 'running' })
  })

  it('lets the last word win: stop, start, stop', async () => {
    const gated = new Gated()
    await REST['running']!(gated)
    const first = gated.service.stopService()
    const starts = [gated.service.privilegedStartService(), gated.service.startService()]
    const second = gated.service.stopService()
    for (const start of starts) expect(await outcome(start)).toBeInstanceOf(CancelledError)
    expect(gated.service.running).toBe(false)
    await gated.settle()
    expect([await outcome(first), await outcome(second)]).toEqual(['done', 'done'])
    expect(gated.journal).toEqual(['start db', 'stop db'])
    expect(gated.service.state).toBe('stopped')
  })

  it('runs the privileged start before the start when both wait for a stop', async () => {
    const gated = new Gated()
    await REST['running']!(gated)
    void gated.service.stopService()
    const start = gated.service.startService()
    const privileged = gated.service.privilegedStartService()
    await gated.settle()
    expect([await outcome(privileged), await outcome(start)]).toEqual(['done', 'done'])
    expect(gated.journal).toEqual(['start db', 'stop db', 'privileged db', 'start db'])
  })

  it('rejects a start that waits for a privileged start with what that failed with', async () => {
    const gated = new Gated()
    const privileged = gated.service.privilegedStartService()
    const start = gated.service.startService()
    const error = new Error('no permission')
    gated.privileged[0]!.fail(error)
    expect(await outcomes(privileged, start)).toEqual([error, error])
    expect(gated.journal).toEqual(['privileged db'])
    expect(gated.service).toMatchObject({ running: false, state: 'failed' })
  })

  it('runs a start that was asked for after a privileged start was stopped', async () => {
    const gated = new Gated()
    const privileged = gated.service.privilegedStartService()
    const stop = gated.service.stopService()
    const start = gated.service.startService()
    gated.privileged[0]!.fail(new Error('interrupted'))
    expect(await outcomes(privileged, stop, start)).toEqual([expect.any(CancelledError), 'done', 'pending'])
    gated.start[0]!.open()
    expect(await outcome(start)).toBe('done')
    expect(gated.journal).toEqual(['privileged db', 'start db'])
  })

  it('starts after a stop that failed', async () => {
    const gated = new Gated()
    await REST['running']!(gated)
    const stop = gated.service.stopService()
    const start = gated.service.startService()
    gated.stop[0]!.fail(new Error('stuck'))
    expect(await outcome(stop)).toMatchObject({ message: 'stuck' })
    await gated.settle()
    expect(await outcome(start)).toBe('done')
    expect(gated.journal).toEqual(['start db', 'stop db', 'start db'])
  })

  it('runs many starts and stops in a row as the last one says, never two hooks at once', async () => {
    for (let pattern = 0; pattern < 256; pattern++) {
      const gated = new Gated()
      let open = 0
      const outcomes: Promise<unknown>[] = []
      const balance = { start: 0, stop: 0 }
      for (let bit = 0; bit < 8; bit++) {
        const up = (pattern >> bit) % 2 === 1
        outcomes.push(outcome(up ? gated.service.startService() : gated.service.stopService()))
        const gates = [...gated.start, ...gated.stop]
        open = Math.max(open, gates.length)
        if (bit % 3 === 2) gates.at(-1)?.open()
        if (bit % 3 === 1) await realTurn()
      }
      await gated.settle()
      await gated.settle()
      const wanted = pattern >> 7 === 1
      expect(gated.service.running).toBe(wanted)
      for (const entry of gated.journal) balance[entry.startsWith('start') ? 'start' : 'stop']++
      expect(balance.start - balance.stop).toBe(wanted ? 1 : 0)
      expect(gated.journal.every((entry, i) => entry === (i % 2 === 0 ? 'start db' : 'stop db'))).toBe(true)
      await Promise.all(outcomes)
    }
  })
})

describe('Lifecycle, what has started', () => {
  it('calls onStop for a privileged start when the start fails', async () => {
    const journal: string[] = []
    const service = new Probe('web', journal, { start: () => Promise.reject(new Error('no')) })
    void service.privilegedStartService()
    await expect(service.startService()).rejects.toThrow('no')
    expect(journal).toEqual(['privileged web', 'start web', 'stop web'])
    expect(service.state).toBe('failed')
    void service.stopService()
    expect(journal.length).toBe(3)
  })

  it.each(['privileged', 'start'] as const)(
    'calls no onStop when the only hook that ran, %s, failed',
    async (hook) => {
      const journal: string[] = []
      const error = new Error('no')
      const service = new Probe('web', journal, {
        [hook]: () => {
          throw error
        },
      })
      const done = hook === 'start' ? service.startService() : service.privilegedStartService()
      expect(await outcome(done)).toBe(error)
      expect(service).toMatchObject({ state: 'failed', running: false, lastError: error })
      expect(service.stopService()).toBeUndefined()
      expect(journal).toEqual([`${hook} web`])
      expect(service.state).toBe('failed')
    },
  )

  it('logs that undoing failed when nobody asked for a stop', async () => {
    const log = recorder()
    const service = new Probe(
      'web',
      [],
      { start: () => Promise.reject(new Error('no')), stop: () => Promise.reject(new Error('stuck')) },
      { log },
    )
    void service.privilegedStartService()
    await expect(service.startService()).rejects.toThrow('no')
    expect(errorsOf(log)).toEqual([new Error('stuck')])
    expect(log.events.find(({ level }) => level === 'error')!.fields).toMatchObject({ service: 'web' })
  })

  it('does not call onStop twice when it failed', async () => {
    const journal: string[] = []
    const service = new Probe('web', journal, { stop: () => Promise.reject(new Error('stuck')) })
    void service.startService()
    await expect(service.stopService()).rejects.toThrow('stuck')
    expect(service.state).toBe('failed')
    expect(service.stopService()).toBeUndefined()
    expect(journal).toEqual(['start web', 'stop web'])
  })

  it.each<[string, unknown]>([
    ['a string', 'text'],
    ['undefined', undefined],
  ])('turns %s that a hook throws into an error', async (_, thrown) => {
    const service = new Probe('web', [], {
      start: () => {
        throw thrown
      },
    })
    expect(await outcome(service.startService())).toBeInstanceOf(Error)
  })

  it('DF-06 takes what a hook throws for a rejection, a value for success, and awaits a promise', async () => {
    const thrown = new Probe('a', [], {
      start: () => {
        throw new Error('sync')
      },
    })
    const result = thrown.startService()
    expect(result).toBeInstanceOf(Promise)
    expect(await outcome(result)).toMatchObject({ message: 'sync' })
    const value = new Probe('b', [], { start: () => 7 as never })
    expect(value.startService()).toBeUndefined()
    const thenable = new Probe('c', [], {
      // oxlint-disable-next-line unicorn/no-thenable -- a thenable that is no promise is what is tested
      start: () => ({ then: (done: () => void) => queueMicrotask(done) }) as never,
    })
    const waits = thenable.startService()
    expect(thenable.state).toBe('starting')
    await waits
    expect(thenable.state).toBe('running')
  })
})

describe('Lifecycle, what it tells', () => {
  it('stamps each state with the wall time of the reactor, once in a turn', () => {
    let now = 1000
    const reactor = Object.assign(new Clock(), { now: () => now++ })
    const service = new Probe('db', [], {}, { reactor })
    void service.startService()
    expect(service.since).toBe(1000)
    void service.stopService()
    expect(service.since).toBe(1001)
  })

  it('stamps each state with the time of day when the reactor has none', () => {
    const service = new Probe('db', [])
    const before = Date.now() / 1000
    void service.startService()
    expect(Math.abs(service.since! - before)).toBeLessThan(5)
  })

  it('logs each state at debug with the path', () => {
    const log = recorder()
    const app = new MultiService({ name: 'app', log }, [new Probe('db', [])])
    void app.startService()
    expect(log.events.map(({ level, fields }) => [level, fields['service'], fields['state']])).toEqual([
      ['debug', 'app', 'starting'],
      ['debug', 'app/db', 'starting'],
      ['debug', 'app/db', 'running'],
      ['debug', 'app', 'running'],
    ])
  })

  it('has a path of names, or of classes where there is no name', () => {
    const leaf = new Probe('db', [])
    const app = new MultiService({ name: 'app' }, [new MultiService({}, [leaf])])
    expect(leaf.path).toBe('app/MultiService/db')
    expect(app.path).toBe('app')
    const far = new Probe('far', [])
    void far.setServiceParent({
      path: 'x/y',
      addService() {},
      removeService() {},
      getServiceNamed() {},
    } as never)
    expect(far.path).toBe('x/y/far')
  })
})
