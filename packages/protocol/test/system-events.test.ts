import { Clock } from '@sennit/runtime'
import type { SystemEventPhase, SystemEventTrigger } from '@sennit/interfaces'
import { beforeEach, describe, expect, it } from 'vitest'
import { SystemEvents } from '../src/system-events.ts'
import { FakeLog } from './fake-log.ts'

let clock: Clock
let log: FakeLog
let calls: string[]
let events: SystemEvents

function made(shutdownTimeout = 8): SystemEvents {
  return new SystemEvents({
    clock,
    log,
    shutdownTimeout,
    during: (event) => calls.push(`<${event}>`),
    over: (event) => calls.push(`over ${event}`),
  })
}

beforeEach(() => {
  clock = new Clock()
  log = new FakeLog()
  calls = []
  events = made()
})

const note = (what: string) => void calls.push(what)

/** A promise, and what settles it. */
function pending(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve!: () => void
  let reject!: (error: Error) => void
  const promise = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

describe('SystemEvents: phases', () => {
  it('RX-16 calls the phases one after the other, each in the order of adding, with the arguments', () => {
    events.addSystemEventTrigger('after', 'x', note, 'after')
    events.addSystemEventTrigger('during', 'x', note, 'during')
    events.addSystemEventTrigger('before', 'x', note, 'before 1')
    events.addSystemEventTrigger('before', 'x', note, 'before 2')
    events.addSystemEventTrigger('before', 'y', note, 'another event')
    events.fireSystemEvent('x')
    expect(calls).toEqual(['before 1', 'before 2', '<x>', 'during', 'after', 'over x'])
  })

  it('RX-16 awaits the promises of "before" together before it goes on', async () => {
    const [one, two] = [pending(), pending()]
    events.addSystemEventTrigger('before', 'x', () => one.promise)
    events.addSystemEventTrigger('before', 'x', () => two.promise)
    events.addSystemEventTrigger('before', 'x', note, 'before 3')
    events.addSystemEventTrigger('during', 'x', note, 'during')
    events.fireSystemEvent('x')
    expect(calls).toEqual(['before 3'])
    two.resolve()
    await settle()
    expect(calls).toEqual(['before 3'])
    one.resolve()
    await settle()
    expect(calls).toEqual(['before 3', '<x>', 'during', 'over x'])
  })

  it('RX-16 does not wait for the promises of "during" and "after"', () => {
    const forever = (): Promise<void> => new Promise(() => {})
    events.addSystemEventTrigger('during', 'x', forever)
    events.addSystemEventTrigger('after', 'x', forever)
    events.addSystemEventTrigger('after', 'x', note, 'after')
    events.fireSystemEvent('x')
    expect(calls).toEqual(['<x>', 'after', 'over x'])
  })

  it('calls a trigger once: the next time, only those that were added since', () => {
    events.addSystemEventTrigger('before', 'x', note, 'first')
    events.fireSystemEvent('x')
    events.addSystemEventTrigger('after', 'x', note, 'second')
    events.fireSystemEvent('x')
    expect(calls).toEqual(['first', '<x>', 'over x', '<x>', 'second', 'over x'])
  })

  it('an event that is under way is not fired again', async () => {
    const one = pending()
    events.addSystemEventTrigger('before', 'x', () => {
      events.fireSystemEvent('x')
      return one.promise
    })
    events.fireSystemEvent('x')
    events.fireSystemEvent('x')
    expect(calls).toEqual([])
    one.resolve()
    await settle()
    expect(calls).toEqual(['<x>', 'over x'])
  })

  it('an event may be fired again by its own last trigger', () => {
    events.addSystemEventTrigger('after', 'x', () => {
      events.addSystemEventTrigger('before', 'x', note, 'again')
      events.fireSystemEvent('x')
    })
    events.fireSystemEvent('x')
    expect(calls).toEqual(['<x>', 'again', '<x>', 'over x', 'over x'])
  })
})

describe('SystemEvents: failures', () => {
  const broken = new Error('broken')

  it.each<[SystemEventPhase, string]>([
    ['before', 'throws'],
    ['during', 'throws'],
    ['after', 'throws'],
    ['before', 'rejects'],
    ['during', 'rejects'],
    ['after', 'rejects'],
  ])('RX-17 logs what a trigger %s the event %s, and calls the others', async (phase, how) => {
    const failing = (): unknown => {
      if (how === 'rejects') return Promise.reject(broken)
      throw broken
    }
    events.addSystemEventTrigger(phase, 'x', failing)
    for (const each of ['before', 'during', 'after'] as const) {
      events.addSystemEventTrigger(each, 'x', note, each)
    }
    events.fireSystemEvent('x')
    await settle()
    expect(calls).toEqual(['before', '<x>', 'during', 'after', 'over x'])
    expect(log.entries).toEqual([
      { level: 'error', message: 'A trigger failed', err: broken, event: 'x', phase, trigger: 'failing' },
    ])
  })

  it.each(['before', 'during', 'after'] as const)(
    "RX-17 logs what the 'then' of a trigger's result throws, and goes on; phase: %s",
    async (phase) => {
      const error = new Error('no promise at all')
      const then = () => {
        throw error
      }
      const hostile = {}
      Reflect.set(hostile, 'then', then)
      events.addSystemEventTrigger(phase, 'x', () => hostile)
      events.fireSystemEvent('x')
      await settle()
      expect(log.entries.map(({ err }) => err)).toEqual([error])
      expect(calls).toEqual(['<x>', 'over x'])
    },
  )

  it('RX-17 logs what is no error as one', () => {
    events.addSystemEventTrigger('before', 'x', () => {
      // oxlint-disable-next-line typescript/only-throw-error -- what users may do
      throw 'text'
    })
    events.fireSystemEvent('x')
    expect(log.entries[0]?.err?.message).toContain("'text'")
  })
})

describe('SystemEvents: adding and removing', () => {
  it('RX-18 calls a "before" that was added by another one in its turn', () => {
    events.addSystemEventTrigger('before', 'x', () => {
      events.addSystemEventTrigger('before', 'x', note, 'late')
    })
    events.addSystemEventTrigger('during', 'x', note, 'during')
    events.fireSystemEvent('x')
    expect(calls).toEqual(['late', '<x>', 'during', 'over x'])
  })

  it('RX-18 keeps a "before" that was added while promises are awaited for the next time', async () => {
    const one = pending()
    events.addSystemEventTrigger('before', 'x', () => one.promise)
    events.fireSystemEvent('x')
    events.addSystemEventTrigger('before', 'x', note, 'next time')
    events.addSystemEventTrigger('during', 'x', note, 'during')
    one.resolve()
    await settle()
    expect(calls).toEqual(['<x>', 'during', 'over x'])
    events.fireSystemEvent('x')
    expect(calls.slice(3)).toEqual(['next time', '<x>', 'over x'])
  })

  it.each<SystemEventPhase>(['before', 'during', 'after'])('does not call what was removed (%s)', (phase) => {
    const trigger = events.addSystemEventTrigger(phase, 'x', note, 'removed')
    events.addSystemEventTrigger(phase, 'x', note, 'kept')
    events.removeSystemEventTrigger(trigger)
    events.fireSystemEvent('x')
    expect(calls).toContain('kept')
    expect(calls).not.toContain('removed')
    expect(trigger).toMatchObject({ phase, event: 'x' })
  })

  it('a trigger can remove a later one', () => {
    events.addSystemEventTrigger('before', 'x', () => events.removeSystemEventTrigger(later))
    const later = events.addSystemEventTrigger('before', 'x', note, 'later')
    events.fireSystemEvent('x')
    expect(calls).toEqual(['<x>', 'over x'])
  })

  it('RX-18 only warns when a trigger is removed that was called already', () => {
    const trigger = events.addSystemEventTrigger('before', 'x', note, 'called')
    events.addSystemEventTrigger('before', 'x', () => events.removeSystemEventTrigger(trigger))
    events.fireSystemEvent('x')
    expect(calls).toEqual(['called', '<x>', 'over x'])
    expect(log.entries).toMatchObject([
      { level: 'warn', message: 'A trigger was removed that was called already', trigger: 'note' },
    ])
  })

  it('RX-18 refuses to remove a trigger that it does not know', () => {
    const elsewhere = made().addSystemEventTrigger('before', 'x', note, 'elsewhere')
    const removed = events.addSystemEventTrigger('before', 'x', note, 'removed')
    events.removeSystemEventTrigger(removed)
    for (const trigger of [elsewhere, removed, undefined, { phase: 'before', event: 'x' }]) {
      expect(() => events.removeSystemEventTrigger(trigger as SystemEventTrigger)).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION', option: 'trigger' }),
      )
    }
  })

  it('RX-18 refuses a phase that is none', () => {
    expect(() => events.addSystemEventTrigger('between' as 'before', 'x', note, '')).toThrow(
      expect.objectContaining({
        code: 'ERR_SENNIT_REACTOR_OPTION',
        message: "Cannot add a trigger: 'phase' must be 'before', 'during' or 'after', got 'between'",
      }),
    )
  })

  it.each([undefined, 5, 'text', {}])('RX-03 refuses %j, which is no function', (f) => {
    expect(() => events.addSystemEventTrigger('before', 'x', f as () => void)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION', option: 'f' }),
    )
  })
})

describe('SystemEvents: the time limit', () => {
  it('RX-19 a shutdown waits only so long, and warns of what hangs, by its name', async () => {
    const done = pending()
    events.addSystemEventTrigger('before', 'shutdown', function flushes() {
      return done.promise
    })
    events.addSystemEventTrigger('before', 'shutdown', function closesTheDatabase() {
      return new Promise(() => {})
    })
    events.addSystemEventTrigger('before', 'shutdown', () => new Promise(() => {}))
    events.fireSystemEvent('shutdown')
    done.resolve()
    await settle()
    clock.advance(7.9)
    expect(calls).toEqual([])
    clock.advance(0.1)
    expect(calls).toEqual(['<shutdown>', 'over shutdown'])
    expect(log.entries).toEqual([
      {
        level: 'warn',
        message: 'A shutdown no longer waits for what took longer than 8 s',
        event: 'shutdown',
        triggers: ['closesTheDatabase', expect.stringContaining('new Promise')],
      },
    ])
  })

  it('RX-19 shortens what stands for a function without a name', () => {
    events.addSystemEventTrigger('before', 'shutdown', () => {
      const text = 'a function that has a long body, and no name that could be shown instead of it'
      return new Promise<string>(() => text)
    })
    events.fireSystemEvent('shutdown')
    clock.advance(8)
    const [{ triggers }] = log.entries as unknown as [{ triggers: string[] }]
    expect(triggers[0]).toMatch(/^\(\) => \{ const text .*…$/)
    expect(triggers[0]).toHaveLength(61)
  })

  it('RX-19 goes on once when what hangs settles late, and leaves no timer', async () => {
    const late = pending()
    events.addSystemEventTrigger('before', 'shutdown', () => late.promise)
    events.fireSystemEvent('shutdown')
    clock.advance(8)
    late.reject(new Error('too late'))
    await settle()
    expect(calls).toEqual(['<shutdown>', 'over shutdown'])
    expect(log.entries.map(({ level }) => level)).toEqual(['warn', 'error'])
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('needs no timer when all settles in time', async () => {
    const one = pending()
    events.addSystemEventTrigger('before', 'shutdown', () => one.promise)
    events.fireSystemEvent('shutdown')
    expect(clock.getDelayedCalls()).toHaveLength(1)
    one.resolve()
    await settle()
    expect(clock.getDelayedCalls()).toEqual([])
    expect(calls).toEqual(['<shutdown>', 'over shutdown'])
  })

  it.each([
    ['another event', 8, 'startup'],
    ['a limit of Infinity', Infinity, 'shutdown'],
  ])('waits without a limit: %s', (_what, timeout, event) => {
    const patient = made(timeout)
    patient.addSystemEventTrigger('before', event, () => new Promise(() => {}))
    patient.fireSystemEvent(event)
    expect(clock.getDelayedCalls()).toEqual([])
  })
})

describe('SystemEvents: abandoning', () => {
  it('calls nothing more, and nothing when a promise settles', async () => {
    const one = pending()
    events.addSystemEventTrigger('before', 'shutdown', () => one.promise)
    events.addSystemEventTrigger('during', 'shutdown', note, 'during')
    events.fireSystemEvent('shutdown')
    events.abandon('shutdown')
    one.resolve()
    await settle()
    expect(calls).toEqual([])
    expect(clock.getDelayedCalls()).toEqual([])
    events.fireSystemEvent('shutdown')
    expect(calls).toEqual(['<shutdown>', 'during', 'over shutdown'])
  })

  it('ends a row that is being called', () => {
    events.addSystemEventTrigger('before', 'x', () => events.abandon('x'))
    events.addSystemEventTrigger('before', 'x', note, 'kept')
    events.fireSystemEvent('x')
    expect(calls).toEqual([])
  })
})
