import { CancelledError, Clock, getGlobalReactor, realTurn, setGlobalReactor } from '@sennit/runtime'
import { hooks, MultiService } from '@sennit/service'
import { describe, expect, it } from 'vitest'
import { ConnectionService, type ConnectionServiceOptions } from '../src/connection-service.ts'
import { type Connection, FakeConnectable, outcome, settle, testContext } from './fakes.ts'

function serviceWith(options: ConnectionServiceOptions<Connection> = {}) {
  const context = testContext()
  const fake = new FakeConnectable()
  const service = new ConnectionService<Connection>(fake, {
    clock: context.clock,
    log: context.log,
    random: context.random,
    retryPolicy: () => 10,
    connectTimeout: Infinity,
    closeTimeout: Infinity,
    name: 'feed',
    ...options,
  })
  const start = () => outcome(service.startService() as Promise<void>)
  const stop = () => outcome(service.stopService() as Promise<void>)
  const pending = () => context.clock.getDelayedCalls().length
  return { ...context, fake, service, start, stop, pending, name: () => service.connectionState.name }
}

async function connected(options: ConnectionServiceOptions<Connection> = {}) {
  const bench = serviceWith(options)
  await bench.service.startService()
  await bench.fake.last.succeed()
  return bench
}

const fatal = () => Object.assign(new Error('bad login'), { code: 'BAD_LOGIN' })
const isFatal = (error: { readonly code?: string | undefined }) => error.code === 'BAD_LOGIN'

describe('ConnectionService: starting', () => {
  it('CS-02 runs at once and makes one attempt', () => {
    const { service, fake } = serviceWith()
    expect(service.running).toBe(false)
    const started = service.startService()
    expect(service.running).toBe(true)
    expect(fake.attempts).toHaveLength(1)
    expect(started).toBeUndefined()
  })

  it('CS-03 logs a duplicate start with the name of the service, and does nothing else', async () => {
    const bench = serviceWith()
    await bench.service.startService()
    await bench.service.startService()
    expect(bench.fake.attempts).toHaveLength(1)
    expect(bench.log.of('warn')).toEqual([
      { level: 'warn', fields: { service: 'feed' }, message: 'Duplicate start of the service feed' },
    ])
  })

  it('CS-01 CS-82 takes clock, log and randomness from where it is when it starts', async () => {
    const context = testContext()
    const fake = new FakeConnectable()
    const service = new ConnectionService(fake)
    const parent = new MultiService({ clock: context.clock, log: context.log, random: context.random }, [
      service,
    ])
    await parent.startService()
    await fake.last.fail()
    expect(fake.last.given.context.clock).toBe(context.clock)
    // The default policy with half of the randomness: 1.5 / 2 * 1.5.
    expect(service.connectionState.retryIn).toBe(1.125)
    expect(context.log.of('info')).toHaveLength(1)
    await parent.stopService()
    expect(context.clock.getDelayedCalls()).toEqual([])
  })

  it("CS-01 runs on the process's reactor, looked up at the start, when it has no clock and no parent", async () => {
    const clock = new Clock()
    const fake = new FakeConnectable()
    const service = new ConnectionService(fake, { log: testContext().log })
    const before = getGlobalReactor()
    setGlobalReactor(clock)
    try {
      await service.startService()
      expect(fake.last.given.context.clock).toBe(clock)
      await fake.last.fail()
      expect(clock.getDelayedCalls()).toHaveLength(1)
      await service.stopService()
    } finally {
      setGlobalReactor(before)
    }
  })

  it('CS-43 CS-41 can be used again after a stop', async () => {
    const bench = await connected()
    const stopped = bench.stop()
    bench.fake.last.lose()
    await settle()
    expect(stopped.state).toBe('fulfilled')
    const rejected = outcome(bench.service.whenConnected())
    await settle()
    expect(rejected.error).toBeInstanceOf(CancelledError)
    await bench.service.startService()
    const waiter = outcome(bench.service.whenConnected())
    const value = await bench.fake.last.succeed()
    expect(waiter.value).toBe(value)
    expect(bench.fake.attempts).toHaveLength(2)
  })

  it('CS-82 has a name, a parent, and nothing to do in the privileged start', async () => {
    const bench = serviceWith()
    const parent = new MultiService()
    await bench.service.setServiceParent(parent)
    expect(bench.service.name).toBe('feed')
    expect(bench.service.parent).toBe(parent)
    await bench.service.privilegedStartService()
    expect(bench.fake.attempts).toHaveLength(0)
    expect(bench.service.running).toBe(false)
  })

  it.each([
    ['connectable.connect', undefined, {}],
    ['connectable.abort', { connect() {}, close() {} }, {}],
    ['retryPolicy', new FakeConnectable(), { retryPolicy: 5 }],
    ['prepareConnection', new FakeConnectable(), { prepareConnection: 'login' }],
    ['isFatal', new FakeConnectable(), { isFatal: ['BAD_LOGIN'] }],
    ['maxFailures', new FakeConnectable(), { maxFailures: 0 }],
    ['maxFailures', new FakeConnectable(), { maxFailures: '3' }],
  ])('refuses a wrong %s', (option, connectable, options) => {
    const make = () => new ConnectionService(connectable as never, options as never)
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_CLIENT_OPTION', option }) as Error)
  })

  it.each(['prepareTimeout', 'connectTimeout', 'closeTimeout', 'stableAfter'])(
    'refuses a wrong %s',
    (option) => {
      const make = () => new ConnectionService(new FakeConnectable(), { [option]: '5 parsecs' } as never)
      expect(make).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }) as Error)
    },
  )
})

describe('ConnectionService: stopping', () => {
  const states = {
    idle: async () => serviceWith(),
    connecting: async () => {
      const bench = serviceWith()
      await bench.service.startService()
      return bench
    },
    waiting: async () => {
      const bench = await states.connecting()
      await bench.fake.last.fail()
      return bench
    },
    connected: () => connected(),
    disconnecting: async () => {
      const bench = await connected()
      bench.stop()
      return bench
    },
    stopped: async () => {
      const bench = serviceWith()
      await bench.service.stopService()
      return bench
    },
    failed: async () => {
      const bench = serviceWith({ isFatal, onFailure: () => {} })
      await bench.service.startService()
      await bench.fake.last.fail(fatal())
      return bench
    },
  }

  it.each(Object.keys(states) as (keyof typeof states)[])(
    'CS-05 CS-06 CS-30 CS-42 can be awaited while %s',
    async (from) => {
      const bench = await states[from]()
      expect(bench.name()).toBe(from)
      const [first, second] = [bench.stop(), bench.stop()]
      await settle()
      const leaves = from === 'connected' || from === 'disconnecting'
      expect(first.state).toBe(leaves ? 'pending' : 'fulfilled')
      if (leaves) bench.fake.last.lose()
      await settle()
      expect([first, second]).toEqual(Array(2).fill({ state: 'fulfilled', value: undefined }))
      expect(bench.name()).toBe('stopped')
      expect(bench.pending()).toBe(0)
    },
  )

  it('CS-04 does not run any more from the moment of the call, before anything is closed', async () => {
    const bench = await connected()
    let running: boolean | undefined
    bench.fake.onClose = () => {
      running = bench.service.running
    }
    bench.stop()
    expect(running).toBe(false)
    expect(bench.service.running).toBe(false)
    void bench.service.startService()
    expect(bench.log.of('warn')).toEqual([])
  })

  it.each(['before', 'after'])(
    'CS-07 fails those who wait for a start that will not come, as something else under the parent failed: %s that',
    async (when) => {
      const bench = serviceWith()
      const broken = hooks('db', {
        start() {
          throw new Error('no database')
        },
      })
      const group = new MultiService({ name: 'group' }, [bench.service])
      const app = new MultiService({ name: 'app', clock: bench.clock, log: bench.log }, [broken, group])
      const early = when === 'before' ? outcome(bench.service.whenConnected()) : undefined
      await expect(app.startService()).rejects.toThrow('no database')
      const waiter = early ?? outcome(bench.service.whenConnected())
      await settle()
      expect(waiter.error).toBeInstanceOf(CancelledError)
      expect(bench.fake.attempts).toHaveLength(0)
    },
  )

  it('CS-07 keeps those waiting who were moved away from a parent that failed', async () => {
    const bench = serviceWith()
    const app = new MultiService({ name: 'app', clock: bench.clock, log: bench.log }, [bench.service])
    const waiter = outcome(bench.service.whenConnected())
    await bench.service.disownServiceParent()
    await app.startService()
    await app.stopService()
    await settle()
    expect(waiter.state).toBe('pending')
    await bench.service.startService()
    expect(await bench.fake.last.succeed()).toBe(bench.service.current)
    await settle()
    expect(waiter.value).toBe(bench.service.current)
  })

  it('CS-32 CS-39 keeps those waiting under a parent that is stopped and started again', async () => {
    const bench = serviceWith()
    const app = new MultiService({ clock: bench.clock, log: bench.log }, [bench.service])
    await app.startService()
    await bench.fake.last.succeed()
    const stopped = app.stopService()
    const started = app.startService()
    const early = outcome(bench.service.whenConnected())
    expect(bench.service.connectionState.name).toBe('restarting')
    bench.fake.last.lose()
    await stopped
    await started
    const late = outcome(bench.service.whenConnected())
    const value = await bench.fake.last.succeed()
    await settle()
    expect([early.value, late.value]).toEqual([value, value])
    expect(bench.fake.attempts).toHaveLength(2)
  })

  it('CS-32 fails those who waited when the start of the parent that was asked for is given up', async () => {
    const bench = serviceWith()
    const app = new MultiService({ clock: bench.clock, log: bench.log }, [bench.service])
    await app.startService()
    await bench.fake.last.succeed()
    void app.stopService()
    const started = outcome(Promise.resolve(app.startService()))
    const waiter = outcome(bench.service.whenConnected())
    void app.stopService()
    bench.fake.last.lose()
    await settle()
    expect(started.error).toBeInstanceOf(CancelledError)
    expect(waiter.error).toBeInstanceOf(CancelledError)
    expect(bench.service.connectionState.name).toBe('stopped')
  })

  it('CS-09 waits for a start of its parent that is yet to come to it, also after an earlier stop', async () => {
    const bench = serviceWith()
    let open = () => {}
    const gate = hooks('gate', { start: () => new Promise<void>((resolve) => (open = resolve)) })
    const app = new MultiService({ clock: bench.clock, log: bench.log }, [gate, bench.service])
    const first = app.startService()
    open()
    await first
    void bench.fake.last.fail()
    await settle()
    await app.stopService()
    const second = app.startService()
    const waiter = outcome(bench.service.whenConnected())
    await settle()
    expect(waiter.state).toBe('pending')
    open()
    await second
    const value = await bench.fake.last.succeed()
    await settle()
    expect(waiter.value).toBe(value)
  })

  it('CS-07 fails those who waited before the first start', async () => {
    const bench = serviceWith()
    const waiter = outcome(bench.service.whenConnected())
    await bench.service.stopService()
    await settle()
    expect(waiter.error).toBeInstanceOf(CancelledError)
    expect(bench.name()).toBe('stopped')
  })

  it('CS-30 gives each stop a promise of its own', async () => {
    const bench = await connected()
    const [first, second] = [bench.service.stopService(), bench.service.stopService()]
    expect(first).toBeInstanceOf(Promise)
    expect(first).not.toBe(second)
    bench.fake.last.lose()
    await Promise.all([first, second])
  })

  it('CS-80 is stopped in a bounded time, even when nothing answers', async () => {
    const bench = await connected({ closeTimeout: '5s' })
    const stopped = bench.stop()
    bench.clock.advance(5)
    expect(bench.fake.last.cut).toBe(1)
    bench.clock.advance(5)
    await settle()
    expect(stopped.state).toBe('fulfilled')
  })

  it.each(['1s', 0] as const)(
    'CS-80 cuts the connection when the stop is out of time, however long a close may take: stopTimeout %s',
    async (stopTimeout) => {
      const bench = await connected({ stopTimeout })
      const stopped = bench.stop()
      if (stopTimeout !== 0) {
        bench.clock.advance(0.9)
        expect(bench.fake.last).toMatchObject({ closed: 1, cut: 0 })
      }
      bench.clock.advance(stopTimeout === 0 ? 0 : 0.1)
      expect(bench.fake.last).toMatchObject({ closed: 1, cut: 1 })
      await settle()
      expect(stopped.error).toMatchObject({ code: 'ERR_SENNIT_STOP_TIMEOUT' })
      bench.fake.last.lose()
      await settle()
      expect(bench.name()).toBe('stopped')
      expect(bench.pending()).toBe(0)
    },
  )

  it('CS-80 cuts what comes of an attempt that was not given up when the stop was out of time', async () => {
    const bench = serviceWith({ stopTimeout: '1s' })
    bench.fake.cancels = false
    await bench.service.startService()
    const stopped = bench.stop()
    bench.clock.advance(1)
    await settle()
    expect(stopped.error).toMatchObject({ code: 'ERR_SENNIT_STOP_TIMEOUT' })
    await bench.fake.last.succeed()
    expect(bench.fake.last).toMatchObject({ closed: 0, cut: 1 })
    expect(bench.name()).toBe('stopped')
    expect(bench.pending()).toBe(0)
  })

  it('is stopped by being disposed of', async () => {
    const bench = await connected()
    bench.fake.losesAtOnce = true
    await bench.service[Symbol.asyncDispose]()
    expect(bench.name()).toBe('stopped')
  })
})

describe('ConnectionService: starting while it stops', () => {
  it('CS-31 CS-38 connects again when the old connection is gone, then the stop settles, and the start', async () => {
    const bench = await connected()
    const order: string[] = []
    void (bench.service.stopService() as Promise<void>).then(() => order.push('stopped'))
    void (bench.service.startService() as Promise<void>).then(() => order.push('started'))
    bench.fake.onConnect = () => {
      order.push('connect')
      return undefined
    }
    expect(bench.name()).toBe('restarting')
    await settle()
    expect(bench.fake.attempts).toHaveLength(1)
    bench.fake.last.lose()
    await settle()
    expect(bench.fake.attempts).toHaveLength(2)
    expect(order).toEqual(['connect', 'stopped', 'started'])
    expect(bench.service.running).toBe(true)
  })

  it('CS-32 CS-39 keeps those who wait', async () => {
    const bench = await connected()
    bench.stop()
    const first = outcome(bench.service.whenConnected())
    bench.start()
    const second = outcome(bench.service.whenConnected())
    bench.fake.last.lose()
    await settle()
    const value = await bench.fake.last.succeed()
    expect([first.value, second.value]).toEqual([value, value])
  })

  it('CS-35 stays stopped when it is stopped again', async () => {
    const bench = await connected()
    const first = bench.stop()
    const started = bench.start()
    const waiter = outcome(bench.service.whenConnected())
    const second = bench.stop()
    expect(bench.name()).toBe('disconnecting')
    bench.fake.last.lose()
    await settle()
    expect([first.state, second.state]).toEqual(['fulfilled', 'fulfilled'])
    expect(started.error).toMatchObject({ code: 'ABORT_ERR' })
    expect(waiter.error).toBeInstanceOf(CancelledError)
    expect(bench.fake.attempts).toHaveLength(1)
    expect(bench.name()).toBe('stopped')
  })

  it('CS-40 connects again when the attempt that was given up has failed', async () => {
    const bench = serviceWith()
    bench.fake.cancels = false
    await bench.service.startService()
    const stopped = bench.stop()
    const started = bench.start()
    await settle()
    await bench.fake.last.fail()
    expect([stopped.state, started.state]).toEqual(['fulfilled', 'fulfilled'])
    expect(bench.fake.attempts).toHaveLength(2)
  })

  it('fails those who wait when the start is given up', async () => {
    const bench = await connected()
    bench.stop()
    const control = new AbortController()
    const started = outcome(bench.service.startService({ signal: control.signal }) as Promise<void>)
    const waiter = outcome(bench.service.whenConnected())
    expect(bench.name()).toBe('restarting')
    const reason = new Error('changed my mind')
    control.abort(reason)
    await settle()
    expect(started.error).toBe(reason)
    expect(bench.name()).toBe('disconnecting')
    bench.fake.last.lose()
    await settle()
    expect(waiter.error).toBeInstanceOf(CancelledError)
    expect(bench.name()).toBe('stopped')
  })
})

describe('ConnectionService: requireConnection', () => {
  it('starts when the first connection stands', async () => {
    const bench = serviceWith({ requireConnection: true })
    const started = bench.start()
    await bench.fake.last.fail()
    expect(started.state).toBe('pending')
    bench.clock.advance(10)
    await bench.fake.last.succeed()
    expect(started.state).toBe('fulfilled')
    expect(bench.service.state).toBe('running')
  })

  it('does not start when there will be no connection', async () => {
    const bench = serviceWith({ requireConnection: true, isFatal })
    const started = bench.start()
    const error = await bench.fake.last.fail(fatal())
    expect(started.error).toBe(error)
    expect(bench.service.state).toBe('failed')
    expect(bench.name()).toBe('stopped')
    expect(bench.pending()).toBe(0)
  })

  it('leaves it to the caller to handle a start that failed', async () => {
    const unhandled: unknown[] = []
    const others = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection')
    process.on('unhandledRejection', (error) => unhandled.push(error))
    try {
      const bench = serviceWith({ requireConnection: true, isFatal })
      void bench.service.startService()
      const error = await bench.fake.last.fail(fatal())
      await realTurn()
      expect(unhandled).toEqual([error])
    } finally {
      process.removeAllListeners('unhandledRejection')
      for (const other of others) process.on('unhandledRejection', other)
    }
  })

  it('gives the attempt up when the start takes too long', async () => {
    const bench = serviceWith({ requireConnection: true, startTimeout: '20s' })
    const started = bench.start()
    bench.clock.advance(20)
    await settle()
    expect(started.error).toMatchObject({ name: 'StartTimeoutError' })
    expect(bench.fake.last.aborted).toBe(true)
    expect(bench.name()).toBe('stopped')
    expect(bench.pending()).toBe(0)
  })

  it('does not start when it is stopped meanwhile', async () => {
    const bench = serviceWith({ requireConnection: true })
    const started = bench.start()
    const stopped = bench.stop()
    await settle()
    expect(started.error).toMatchObject({ code: 'ABORT_ERR' })
    expect(stopped.state).toBe('fulfilled')
    expect(bench.name()).toBe('stopped')
  })
})

describe('ConnectionService: giving up', () => {
  it('fails with a fatal error after the start, and tells its parent', async () => {
    const told: Error[] = []
    const bench = serviceWith({ isFatal, onFailure: (error) => void told.push(error) })
    await bench.service.startService()
    const error = await bench.fake.last.fail(fatal())
    expect(told).toEqual([error])
    expect(bench.service.state).toBe('failed')
    expect(bench.service.lastError).toBe(error)
    await expect(bench.service.whenConnected()).rejects.toBe(error)
  })

  it('fails its start when it gives up inside it', () => {
    const bench = serviceWith({ isFatal })
    const error = fatal()
    bench.fake.onConnect = () => {
      throw error
    }
    return expect(Promise.resolve(bench.service.startService()))
      .rejects.toBe(error)
      .then(() => {
        expect(bench.service.state).toBe('failed')
      })
  })

  it('can be started again', async () => {
    const bench = serviceWith({ isFatal, onFailure: () => {} })
    await bench.service.startService()
    await bench.fake.last.fail(fatal())
    await bench.service.startService()
    const value = await bench.fake.last.succeed()
    expect(bench.service.current).toBe(value)
    expect(bench.service.state).toBe('running')
  })
})

describe('ConnectionService: whenConnected', () => {
  it('CS-24 has the present connection, whatever failAfterFailures says', async () => {
    const bench = await connected()
    const value = bench.service.current
    expect(await bench.service.whenConnected()).toBe(value)
    expect(await bench.service.whenConnected({ failAfterFailures: 0 })).toBe(value)
  })

  it('CS-46 fails with the very error', async () => {
    const bench = serviceWith()
    const waiter = outcome(bench.service.whenConnected({ failAfterFailures: 1 }))
    await bench.service.startService()
    const error = await bench.fake.last.fail()
    expect(waiter.error).toBe(error)
  })

  it('CS-51 can be given up by a signal, without any effect on the service', async () => {
    const bench = serviceWith()
    await bench.service.startService()
    const control = new AbortController()
    const waiter = outcome(bench.service.whenConnected({ signal: control.signal }))
    const other = outcome(bench.service.whenConnected())
    const reason = new CancelledError()
    control.abort(reason)
    await settle()
    expect(waiter.error).toBe(reason)
    expect([bench.name(), other.state]).toEqual(['connecting', 'pending'])
    const value = await bench.fake.last.succeed()
    expect(bench.service.current).toBe(value)
    expect(other.value).toBe(value)
    expect(waiter).toEqual({ state: 'rejected', error: reason })
  })

  it('CS-52 may be called, as may anything else, by who waits', async () => {
    for (const call of ['whenConnected', 'stopService', 'startService', 'reconnectNow'] as const) {
      for (const result of ['succeed', 'fail'] as const) {
        const bench = serviceWith()
        bench.fake.losesAtOnce = true
        await bench.service.startService()
        let thrown: unknown
        const act = () => {
          try {
            void bench.service[call]()
          } catch (error) {
            thrown = error
          }
        }
        void bench.service.whenConnected({ failAfterFailures: 1 }).then(act, act)
        await bench.fake.last[result]()
        await settle()
        expect(thrown).toBeUndefined()
        if (call === 'stopService') expect(bench.name()).toBe('stopped')
      }
    }
  })
})

describe('ConnectionService: what settles when', () => {
  it('DF-01 settles in the turn in which it is decided, before any timer and any later turn', async () => {
    const bench = serviceWith()
    const order: string[] = []
    const note = (what: string, promise: Promise<unknown>) =>
      void promise.then(
        () => order.push(what),
        () => order.push(what),
      )
    /** Lets what is decided settle, and sees whether it does before the next turn. */
    const turn = async (decide: () => void) => {
      const later = realTurn().then(() => order.push('later'))
      decide()
      await later
      return order.splice(0)
    }
    await bench.service.startService()
    note('impatient', bench.service.whenConnected({ failAfterFailures: 1 }))
    const failed = await turn(() => void bench.fake.last.fail())
    bench.service.reconnectNow()
    note('connected', bench.service.whenConnected())
    const stood = await turn(() => void bench.fake.last.succeed())
    note('stopped', bench.service.stopService() as Promise<void>)
    note('cancelled', bench.service.whenConnected())
    const gone = await turn(() => bench.fake.last.lose())
    expect([failed, stood]).toEqual([
      ['impatient', 'later'],
      ['connected', 'later'],
    ])
    expect(gone.toSorted()).toEqual(['cancelled', 'later', 'stopped'])
    expect(gone.at(-1)).toBe('later')
  })
})

describe('ConnectionService: onConnectionState', () => {
  it('tells every change, with cause and delay', async () => {
    const bench = serviceWith()
    const seen: unknown[] = []
    bench.service.onConnectionState((state) => seen.push(state))
    await bench.service.startService()
    const cause = await bench.fake.last.fail()
    bench.clock.advance(10)
    await bench.fake.last.succeed()
    bench.stop()
    bench.fake.last.lose()
    await settle()
    const quiet = { cause: undefined, retryIn: undefined, failures: 0 }
    expect(seen).toEqual([
      { ...quiet, name: 'connecting' },
      { name: 'waiting', cause, retryIn: 10, failures: 1 },
      { name: 'connecting', cause, retryIn: undefined, failures: 1 },
      { ...quiet, name: 'connected' },
      { ...quiet, name: 'disconnecting' },
      { ...quiet, name: 'stopped' },
    ])
  })

  it('ends when it is told to', async () => {
    const bench = serviceWith()
    const seen: string[] = []
    const end = bench.service.onConnectionState(({ name }) => seen.push(name))
    await bench.service.startService()
    end()
    end()
    await bench.fake.last.succeed()
    expect(seen).toEqual(['connecting'])
  })
})

describe('ConnectionService: what people see', () => {
  it('describes itself', async () => {
    const bench = await connected()
    expect(bench.service.describe()).toMatchObject({
      kind: 'ConnectionService',
      name: 'feed',
      state: 'running',
      facts: {
        connection: 'connected',
        endpoint: 'fake:1',
        failures: 0,
        attempts: 1,
        connections: 1,
        retryIn: null,
        cause: null,
      },
    })
    const reason = bench.fake.last.lose()
    expect(bench.service.describe().facts).toMatchObject({
      connection: 'waiting',
      failures: 1,
      retryIn: 10,
      cause: reason.message,
    })
  })

  it('reconnects when it is told to', async () => {
    const bench = serviceWith()
    await bench.service.startService()
    await bench.fake.last.fail()
    bench.service.reconnectNow()
    expect(bench.fake.attempts).toHaveLength(2)
  })
})
