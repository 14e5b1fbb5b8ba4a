import { getGlobalReactor, setGlobalReactor } from '@sennit/runtime'
import { NodeReactor } from '@sennit/reactor'
import { MemoryLog } from '@sennit/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ExitError, react, type ReactOptions, type ReactReactor } from '../src/index.ts'
import { FakeProgram } from './support/fake-program.ts'

let reactor: NodeReactor
let log: MemoryLog
let program: FakeProgram
let events: string[]
let options: ReactOptions<NodeReactor>

beforeEach(() => {
  log = new MemoryLog()
  program = new FakeProgram()
  events = []
  reactor = new NodeReactor({ log, shutdownTimeout: '50ms' })
  for (const event of ['startup', 'shutdown']) {
    reactor.addSystemEventTrigger('during', event, () => events.push(event))
  }
  options = { reactor, log, process: program }
})
afterEach(() => {
  // Signals are listened to for half a second more.
  const heard = program.listenerCount('uncaughtException') + program.listenerCount('unhandledRejection')
  if (heard > 0 || program.exits.length > 0) throw new Error('The process was not left as it was')
})

/** A promise, and what settles it. */
function pending<T = void>(): {
  promise: Promise<T>
  resolve: (value: T) => void
  reject: (error: unknown) => void
} {
  let resolve!: (value: T) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

describe('react', () => {
  it('CK-14 CK-18 calls main with the reactor and the arguments, runs until it is done, and stops once', async () => {
    const done = pending()
    const given: unknown[] = []
    const main = async (...args: unknown[]): Promise<void> => {
      given.push(...args)
      await done.promise
      events.push('done')
    }
    const result = react(main, ['a', 'b'], options)
    expect(given).toEqual([reactor, 'a', 'b'])
    expect([reactor.running, events]).toEqual([true, ['startup']])
    done.resolve()
    expect(await result).toBe(0)
    expect(events).toEqual(['startup', 'done', 'shutdown'])
    expect([reactor.running, program.exitCode]).toEqual([false, 0])
    expect(log.events).toEqual([])
  })

  it('CK-14 runs on the reactor of the process unless it is given another one', async () => {
    const before = getGlobalReactor()
    setGlobalReactor(reactor)
    try {
      const given: ReactReactor[] = []
      expect(await react((each) => void given.push(each), [], { process: program })).toBe(0)
      expect(given).toEqual([reactor])
    } finally {
      setGlobalReactor(before)
    }
  })

  it('CK-15 yields 1 when main fails, and logs that', async () => {
    const error = new Error('broken')
    expect(await react(() => Promise.reject(error), [], options)).toBe(1)
    expect(program.exitCode).toBe(1)
    expect(events).toEqual(['startup', 'shutdown'])
    expect(log.events).toEqual([
      { level: 'error', fields: { err: error }, message: 'The main function failed' },
    ])
  })

  it.each([0, 7])('CK-15 yields the code %d of an ExitError, which is no failure', async (code) => {
    expect(await react(() => Promise.reject(new ExitError(code)), [], options)).toBe(code)
    expect(program.exitCode).toBe(code)
    expect(log.events).toEqual([])
  })

  it.each([undefined, null, 'text'])(
    'CK-15 yields 1 when main rejects with %j, which is no error',
    async (thrown) => {
      expect(await react(() => Promise.reject(thrown as unknown as Error), [], options)).toBe(1)
      expect(log.errors()).toHaveLength(1)
    },
  )

  it.each([
    ['nothing', () => undefined, 0],
    ['a value', () => 5, 0],
    ['a promise that is settled', () => Promise.resolve(), 0],
    ['a rejection', () => Promise.reject(new Error('broken')), 1],
  ])('CK-16 runs and stops cleanly when main yields %s at once', async (_what, main, code) => {
    expect(await react(main, [], options)).toBe(code)
    expect(events).toEqual(['startup', 'shutdown'])
  })

  it('CK-17 does not stop a reactor that others have stopped; main that never settles gives 0', async () => {
    const result = react(() => new Promise(() => {}), [], options)
    reactor.stop()
    expect(await result).toBe(0)
    expect(events).toEqual(['startup', 'shutdown'])
  })

  it('CK-17 a stop by others in the same turn is the only one', async () => {
    const done = pending()
    const result = react(() => done.promise, [], options)
    reactor.stop()
    done.resolve()
    expect(await result).toBe(0)
    expect(events).toEqual(['startup', 'shutdown'])
  })

  it('CK-17 what settles during the shutdown still decides the code', async () => {
    const done = pending()
    const flushed = pending()
    const result = react(() => done.promise, [], options)
    reactor.addSystemEventTrigger('before', 'shutdown', () => {
      done.reject(new ExitError(9))
      return flushed.promise
    })
    reactor.stop()
    setImmediate(flushed.resolve)
    expect(await result).toBe(9)
    expect(events).toEqual(['startup', 'shutdown'])
  })

  it('CK-17 what settles after the shutdown does not', async () => {
    const done = pending()
    const result = react(() => done.promise, [], options)
    reactor.stop()
    expect(await result).toBe(0)
    done.reject(new Error('too late'))
    await done.promise.catch(() => {})
    expect(program.exitCode).toBe(0)
    expect(log.events).toEqual([])
  })

  it('CK-17 RX-21 ends with a reactor that crashes', async () => {
    const result = react(() => new Promise(() => {}), [], options)
    reactor.crash()
    expect(await result).toBe(0)
    expect(events).toEqual(['startup'])
  })

  it('CK-19 lets the error of a main that throws at once escape, before anything runs', () => {
    const error = new Error('thrown')
    const main = (): never => {
      throw error
    }
    expect(() => react(main, [], options)).toThrow(error)
    expect([events, reactor.running, program.exitCode]).toEqual([[], false, undefined])
  })

  it('RX-22 stops at a signal, with code 0, and RX-19 waits no longer than the reactor allows', async () => {
    const result = react(() => new Promise(() => {}), [], options)
    reactor.addSystemEventTrigger('before', 'shutdown', () => new Promise(() => {}))
    program.emit('SIGTERM')
    program.emit('SIGTERM')
    expect(await result).toBe(0)
    expect(events).toEqual(['startup', 'shutdown'])
    expect(log.messages('info')).toEqual(['The reactor is told to stop'])
  })

  it('RX-22 leaves signals alone that it is not told of', async () => {
    const result = react(() => new Promise(() => {}), [], { ...options, signals: [] })
    expect(program.emit('SIGINT')).toBe(false)
    reactor.stop()
    await result
  })

  it.each(['uncaughtException', 'unhandledRejection'])('stops and yields 1 at an %s', async (event) => {
    const error = new Error('nobody caught this')
    const result = react(() => new Promise(() => {}), [], options)
    program.emit(event, error)
    expect(await result).toBe(1)
    expect(log.errors()).toEqual([error])
  })

  it('stops when its startup is over, when main settles before', async () => {
    const started = pending()
    reactor.addSystemEventTrigger('before', 'startup', () => started.promise)
    const result = react(() => undefined, [], options)
    expect(reactor.running).toBe(false)
    started.resolve()
    expect(await result).toBe(0)
    expect(events).toEqual(['startup', 'shutdown'])
  })

  it('rejects when the reactor runs already, and leaves it alone', async () => {
    const ran = reactor.run()
    await expect(react(() => new Promise(() => {}), [], options)).rejects.toMatchObject({
      code: 'ERR_SENNIT_REACTOR_ALREADY_RUNNING',
    })
    expect(reactor.running).toBe(true)
    reactor.stop()
    await ran
  })

  it.each([undefined, 5, {}])('refuses %j, which is no function', (main) => {
    expect(() => react(main as unknown as () => void, [], options)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_RUN_OPTION', option: 'main' }),
    )
  })

  it('refuses a reactor that cannot be run', () => {
    const clock = { seconds: () => 0, callLater: () => {}, getDelayedCalls: () => [] }
    expect(() => react(() => {}, [], { ...options, reactor: clock as unknown as NodeReactor })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_MISSING_ROLE', role: 'IReactorCore' }),
    )
  })
})
