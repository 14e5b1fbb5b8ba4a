import { CancelledError } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { ConnectionMachine } from '../src/connection-machine.ts'
import { nextConnection } from '../src/next-connection.ts'
import { type ConnectionOptions, connectionSettings } from '../src/settings.ts'
import { type Connection, FakeConnectable, type Outcome, outcome, settle, testContext } from './fakes.ts'

/** A machine with delays of 10 s for each failure, and whatever belongs to it. */
function machineWith(options: ConnectionOptions<Connection> = {}) {
  const context = testContext()
  const fake = new FakeConnectable()
  const gaveUp: Error[] = []
  const owner = { context, startExpected: false, fail: (error: Error) => gaveUp.push(error) }
  const machine = new ConnectionMachine<Connection>(
    fake,
    connectionSettings({
      retryPolicy: (failures) => failures * 10,
      connectTimeout: Infinity,
      closeTimeout: Infinity,
      ...options,
    }),
    owner,
  )
  const start = () => machine.start()
  /** Counts how often it was told that the stop is complete. */
  const stop = () => {
    const told = { times: 0 }
    machine.stop(() => told.times++)
    return told
  }
  const wait = (failAfterFailures?: number) => outcome(nextConnection(machine, { failAfterFailures }))
  const pending = () => context.clock.getDelayedCalls().length
  return {
    ...context,
    owner,
    fake,
    machine,
    gaveUp,
    start,
    stop,
    wait,
    pending,
    name: () => machine.state.name,
  }
}

type Bench = ReturnType<typeof machineWith>

/** Brings a machine into each state. */
const reach = {
  idle: async (_bench: Bench) => {},
  connecting: async (bench: Bench) => bench.start(),
  waiting: async (bench: Bench) => {
    bench.start()
    await bench.fake.last.fail()
  },
  connected: async (bench: Bench) => {
    bench.start()
    await bench.fake.last.succeed()
  },
  disconnecting: async (bench: Bench) => {
    await reach.connected(bench)
    bench.stop()
  },
  restarting: async (bench: Bench) => {
    await reach.disconnecting(bench)
    bench.start()
  },
  stopped: async (bench: Bench) => {
    bench.stop()
  },
  failed: async (bench: Bench) => {
    bench.start()
    await bench.fake.last.fail(Object.assign(new Error('fatal'), { code: 'FATAL' }))
  },
}

const isFatal = (error: { code?: string | undefined }) => error.code === 'FATAL'

const wrongPolicies: readonly [what: string, policy: () => number, message: RegExp][] = [
  [
    'throws',
    () => {
      throw new Error('broken')
    },
    /threw/,
  ],
  ['yields NaN', () => NaN, /no delay/],
  ['yields a negative number', () => -1, /no delay/],
  ['yields nothing', () => undefined as unknown as number, /no delay/],
  ['yields text', () => '5' as unknown as number, /no delay/],
]

async function benchIn(state: keyof typeof reach, options: ConnectionOptions<Connection> = {}) {
  const bench = machineWith({ isFatal, ...options })
  await reach[state](bench)
  expect(bench.name()).toBe(state)
  return bench
}

describe('ConnectionMachine: every state and every call', () => {
  it.each([
    ['idle', 'connecting', 1],
    ['connecting', 'connecting', 1],
    ['waiting', 'waiting', 1],
    ['connected', 'connected', 1],
    ['disconnecting', 'restarting', 1],
    ['restarting', 'restarting', 1],
    ['stopped', 'connecting', 1],
    ['failed', 'connecting', 2],
  ] as const)('CS-08 CS-10 CS-22 CS-28 CS-36 CS-43 start: %s becomes %s', async (from, to, attempts) => {
    const bench = await benchIn(from)
    bench.start()
    expect(bench.name()).toBe(to)
    expect(bench.fake.attempts).toHaveLength(attempts)
  })

  it.each([
    ['idle', 'stopped', 1],
    ['connecting', 'disconnecting', 0],
    ['waiting', 'stopped', 1],
    ['connected', 'disconnecting', 0],
    ['disconnecting', 'disconnecting', 0],
    ['restarting', 'disconnecting', 0],
    ['stopped', 'stopped', 1],
    ['failed', 'stopped', 1],
  ] as const)('CS-06 CS-11 CS-21 CS-25 CS-30 CS-35 CS-42 stop: %s becomes %s', async (from, to, told) => {
    const bench = await benchIn(from)
    const stopped = bench.stop()
    expect(bench.name()).toBe(to)
    expect(stopped.times).toBe(told)
  })

  it.each([
    ['idle', 'pending'],
    ['connecting', 'pending'],
    ['waiting', 'pending'],
    ['connected', 'fulfilled'],
    ['disconnecting', 'pending'],
    ['restarting', 'pending'],
    ['stopped', 'rejected'],
    ['failed', 'rejected'],
  ] as const)(
    'CS-09 CS-17 CS-23 CS-24 CS-32 CS-37 CS-41 whenConnected: in %s it is %s',
    async (from, state) => {
      const bench = await benchIn(from)
      const waiter = bench.wait(1)
      await settle()
      expect(waiter.state).toBe(state)
      if (from === 'stopped')
        expect(waiter.error).toMatchObject({ name: 'CancelledError', code: 'ABORT_ERR' })
      if (from === 'failed') expect(waiter.error).toMatchObject({ code: 'FATAL' })
    },
  )

  it.each(['idle', 'connecting', 'connected', 'disconnecting', 'restarting', 'stopped', 'failed'] as const)(
    'reconnectNow in %s changes nothing',
    async (from) => {
      const bench = await benchIn(from)
      const { length } = bench.fake.attempts
      bench.machine.reconnectNow()
      expect(bench.name()).toBe(from)
      expect(bench.fake.attempts).toHaveLength(length)
    },
  )

  it.each([
    ['idle', 'stopped', 'cancelled'],
    ['connecting', 'connecting', 'pending'],
    ['waiting', 'waiting', 'pending'],
    ['connected', 'connected', 'fulfilled'],
    ['disconnecting', 'disconnecting', 'pending'],
    ['restarting', 'restarting', 'pending'],
    ['failed', 'failed', 'failed'],
  ] as const)('CS-07 rest: %s becomes %s; who waits is %s', async (from, to, expected) => {
    const bench = await benchIn(from)
    const waiter = bench.wait()
    bench.machine.rest()
    await settle()
    expect(bench.name()).toBe(to)
    const isCancelled = waiter.error instanceof CancelledError
    expect(isCancelled ? 'cancelled' : waiter.error ? 'failed' : waiter.state).toBe(expected)
  })

  it('CS-32 startAsked tells of it while disconnecting, and of nothing in any other state', async () => {
    for (const from of Object.keys(reach) as (keyof typeof reach)[]) {
      const bench = await benchIn(from)
      const seen: string[] = []
      bench.machine.onChange(({ name }) => seen.push(name))
      bench.machine.startAsked()
      expect(seen).toEqual([])
      bench.owner.startExpected = true
      bench.machine.startAsked()
      expect(seen).toEqual(from === 'disconnecting' ? ['restarting'] : [])
    }
  })
})

describe('ConnectionMachine: attempts', () => {
  it('CS-14 succeeds: the failures are forgotten, then all waiters get the connection', async () => {
    const bench = await benchIn('waiting')
    expect(bench.machine.failures).toBe(1)
    const waiters = [bench.wait(), bench.wait(3)]
    let atDelivery: unknown
    bench.machine.wait({
      patience: 5,
      connected: () => {
        atDelivery = bench.machine.state
      },
      failed: () => {},
    })
    bench.clock.advance(10)
    const value = await bench.fake.last.succeed()
    expect(bench.name()).toBe('connected')
    expect(bench.machine.failures).toBe(0)
    expect(bench.machine.current).toBe(value)
    expect(waiters.map((waiter) => waiter.value)).toEqual([value, value])
    expect(atDelivery).toMatchObject({ name: 'connected', failures: 0 })
  })

  it('CS-15 CS-16 fails: the retry is on the clock before a waiter is failed', async () => {
    const bench = await benchIn('connecting')
    let pendingInHandler = -1
    bench.machine.wait({
      patience: 1,
      connected: () => {},
      failed: () => {
        pendingInHandler = bench.pending()
      },
    })
    await bench.fake.last.fail()
    expect(bench.name()).toBe('waiting')
    expect(bench.machine.failures).toBe(1)
    expect(bench.machine.state.retryIn).toBe(10)
    expect(pendingInHandler).toBe(1)
  })

  it('CS-20 tries again when the delay is over, and not before', async () => {
    const bench = await benchIn('waiting')
    bench.clock.advance(9.5)
    expect(bench.fake.attempts).toHaveLength(1)
    bench.clock.advance(0.5)
    expect(bench.fake.attempts).toHaveLength(2)
    expect(bench.name()).toBe('connecting')
  })

  it('CS-22 keeps the time of the retry through another start', async () => {
    const bench = await benchIn('waiting')
    bench.clock.advance(4)
    bench.start()
    expect(bench.machine.state).toMatchObject({ name: 'waiting', retryIn: 6, failures: 1 })
    expect(bench.pending()).toBe(1)
    bench.clock.advance(6)
    expect(bench.fake.attempts).toHaveLength(2)
  })

  it('CS-58 counts a connect that throws as a failed attempt', async () => {
    const bench = machineWith()
    const error = new Error('thrown')
    bench.fake.onConnect = () => {
      throw error
    }
    const waiter = bench.wait(1)
    bench.start()
    expect(bench.name()).toBe('waiting')
    await settle()
    expect(waiter.error).toBe(error)
  })

  it('CS-70 connects within the turn when the connection comes at once and needs no preparation', () => {
    const bench = machineWith()
    const value = { id: 7 }
    bench.fake.onConnect = () => value
    bench.start()
    expect(bench.machine.current).toBe(value)
  })

  it('CS-53 hands 1, 2, 3 … to the policy, and begins anew after a connection', async () => {
    const asked: number[] = []
    const bench = machineWith({
      retryPolicy: (failures) => {
        asked.push(failures)
        return 1
      },
    })
    const fail = async () => {
      await bench.fake.last.fail()
      bench.clock.advance(1)
    }
    bench.start()
    await fail()
    await fail()
    await fail()
    await bench.fake.last.succeed()
    bench.fake.last.lose()
    bench.clock.advance(1)
    await fail()
    expect(asked).toEqual([1, 2, 3, 1, 2])
  })

  it('CS-53 begins anew only after a connection that was prepared', async () => {
    const asked: number[] = []
    let isGood = false
    const bench = machineWith({
      prepareConnection: () => {
        if (!isGood) throw new Error('bad login')
      },
      retryPolicy: (failures) => {
        asked.push(failures)
        return 1
      },
    })
    bench.start()
    const connect = async () => {
      await bench.fake.last.succeed()
      if (!isGood) bench.fake.last.lose()
      bench.clock.advance(1)
    }
    await connect()
    await connect()
    await bench.fake.last.fail()
    bench.clock.advance(1)
    isGood = true
    await connect()
    bench.fake.last.lose()
    expect(asked).toEqual([1, 2, 3, 1])
  })

  it('CS-54 keeps counting through a stop and a start', async () => {
    const bench = await benchIn('waiting')
    bench.clock.advance(10)
    await bench.fake.last.fail()
    bench.stop()
    bench.start()
    await bench.fake.last.fail()
    expect(bench.machine.failures).toBe(3)
    expect(bench.machine.state.retryIn).toBe(30)
  })

  it('BP-08 tells the policy how long the failures in a row have lasted since the first attempt', async () => {
    const asked: number[] = []
    const bench = machineWith({ retryPolicy: (_failures, _random, elapsed) => (asked.push(elapsed), 10) })
    const fail = async (after: number) => {
      bench.clock.advance(after)
      await bench.fake.last.fail()
      bench.clock.advance(10)
    }
    bench.clock.advance(1000)
    bench.start()
    await fail(2)
    await fail(3)
    await bench.fake.last.succeed()
    bench.clock.advance(500)
    bench.fake.last.lose()
    bench.clock.advance(10)
    await fail(4)
    bench.stop()
    await bench.fake.last.fail()
    bench.clock.advance(2000)
    bench.start()
    await fail(1)
    expect(asked).toEqual([2, 15, 0, 14, 1])
  })

  it('BP-08 keeps the row of failures while connections do not last', async () => {
    const asked: number[] = []
    const bench = machineWith({
      stableAfter: 60,
      retryPolicy: (_failures, _random, elapsed) => (asked.push(elapsed), 10),
    })
    bench.start()
    for (const lasts of [5, 20, 60]) {
      await bench.fake.last.succeed()
      bench.clock.advance(lasts)
      bench.fake.last.lose()
      bench.clock.advance(10)
    }
    expect(asked).toEqual([0, 30, 0])
  })

  it('CS-55 waits exactly as long as the policy says', async () => {
    const bench = await benchIn('waiting', { retryPolicy: () => 12345.5 })
    expect(bench.clock.getDelayedCalls()[0]!.getTime()).toBe(12345.5)
  })

  it.each(wrongPolicies)(
    'CS-56 uses the default when the policy %s, and logs it',
    async (_what, retryPolicy, message) => {
      const bench = await benchIn('waiting', { retryPolicy })
      // The default with half of the randomness: 1.5 / 2 * 1.5.
      expect(bench.machine.state.retryIn).toBe(1.125)
      expect(bench.log.of('error').map((event) => event.message)).toEqual([expect.stringMatching(message)])
      bench.clock.advance(2)
      expect(bench.name()).toBe('connecting')
    },
  )

  it('CS-57 logs one info event for each retry, with the reason', async () => {
    const bench = await benchIn('connecting')
    const error = await bench.fake.last.fail()
    bench.clock.advance(10)
    await bench.fake.last.succeed()
    expect(bench.log.of('info')).toHaveLength(1)
    const loss = bench.fake.last.lose()
    expect(bench.log.of('info').map((event) => event.fields)).toEqual([
      { attempt: 1, endpoint: 'fake:1', delay: 10, err: error },
      { attempt: 1, endpoint: 'fake:1', delay: 10, err: loss },
    ])
  })

  it('CS-84 ignores a retry that was cancelled, and what belongs to a state that is left', async () => {
    const bench = await benchIn('waiting')
    const [timer] = bench.clock.getDelayedCalls()
    bench.machine.reconnectNow()
    expect(timer!.active()).toBe(false)
    expect(bench.fake.attempts).toHaveLength(2)
    bench.clock.advance(100)
    expect(bench.fake.attempts).toHaveLength(2)
    await bench.fake.attempts[0]!.succeed()
    bench.fake.attempts[0]!.lose()
    expect(bench.name()).toBe('connecting')
    expect(bench.machine.failures).toBe(1)
  })

  it('CS-84 ignores a retry that its clock calls although it was taken back', async () => {
    const bench = await benchIn('waiting')
    const [timer] = bench.clock.getDelayedCalls()
    timer!.cancel = () => {}
    bench.machine.reconnectNow()
    expect(bench.fake.attempts).toHaveLength(2)
    bench.clock.advance(10)
    expect(timer!.active()).toBe(false)
    expect(bench.fake.attempts).toHaveLength(2)
    expect(bench.name()).toBe('connecting')
  })

  it('reconnectNow skips the delay and keeps the number of failures', async () => {
    const bench = await benchIn('waiting')
    bench.machine.reconnectNow()
    expect(bench.name()).toBe('connecting')
    expect(bench.pending()).toBe(0)
    await bench.fake.last.fail()
    expect(bench.machine.failures).toBe(2)
  })
})

describe('ConnectionMachine: waiting for a connection', () => {
  it('CS-45 never fails a waiter without a limit because of failures', async () => {
    const bench = machineWith()
    const waiter = bench.wait()
    bench.start()
    for (let attempt = 0; attempt < 20; attempt++) {
      await bench.fake.last.fail()
      bench.clock.advance(1000)
    }
    expect(waiter.state).toBe('pending')
    const value = await bench.fake.last.succeed()
    expect(waiter.value).toBe(value)
  })

  it('CS-09 CS-46 CS-48 CS-49 fails each waiter with the failure that is one too many for it', async () => {
    const bench = machineWith()
    const patient = bench.wait(4)
    const [one, two, three] = [bench.wait(1), bench.wait(2), bench.wait(3)]
    bench.start()
    const first = await bench.fake.last.fail()
    expect([one, two, three].map((waiter) => waiter.error)).toEqual([first, undefined, undefined])
    expect(one.error).toBe(first)
    bench.clock.advance(1000)
    const late = bench.wait(2)
    const second = await bench.fake.last.fail()
    expect(two.error).toBe(second)
    bench.clock.advance(1000)
    const third = await bench.fake.last.fail()
    expect(three.error).toBe(third)
    expect(late.error).toBe(third)
    // The count that the policy gets knows nothing of who waits.
    expect(bench.machine.failures).toBe(3)
    bench.clock.advance(1000)
    const value = await bench.fake.last.succeed()
    expect(patient.value).toBe(value)
  })

  it('CS-23 does not count a failure that is past', async () => {
    const bench = await benchIn('waiting')
    const waiter = bench.wait(1)
    await settle()
    expect(waiter.state).toBe('pending')
    bench.clock.advance(10)
    const error = await bench.fake.last.fail()
    expect(waiter.error).toBe(error)
  })

  it.each([0, -1, -Infinity])('CS-47 takes failAfterFailures of %d as 1', async (failAfterFailures) => {
    const bench = await benchIn('connecting')
    const waiter = bench.wait(failAfterFailures)
    await settle()
    expect(waiter.state).toBe('pending')
    const error = await bench.fake.last.fail()
    expect(waiter.error).toBe(error)
  })

  it('CS-50 does not count a loss', async () => {
    let waiter: Outcome<Connection> | undefined
    const bench: Bench = machineWith({
      // In the midst of the loss, so that it would be counted if a loss were.
      retryPolicy: () => {
        waiter ??= bench.wait(1)
        return 10
      },
    })
    await reach.connected(bench)
    bench.fake.last.lose()
    await settle()
    expect(waiter!.state).toBe('pending')
    bench.clock.advance(10)
    const error = await bench.fake.last.fail()
    expect(waiter!.error).toBe(error)
  })

  it('CS-07 fails waiters that came before the first start when it is stopped', async () => {
    const bench = machineWith()
    const waiter = bench.wait()
    bench.stop()
    await settle()
    expect(waiter.error).toBeInstanceOf(CancelledError)
  })

  it.each(['connecting', 'waiting'] as const)(
    'CS-13 CS-21 fails every waiter as cancelled when it is stopped while %s',
    async (from) => {
      const bench = await benchIn(from)
      const waiters = [bench.wait(), bench.wait(1), bench.wait(5)]
      bench.stop()
      await settle()
      for (const waiter of waiters) expect(waiter.error).toBeInstanceOf(CancelledError)
      expect(bench.pending()).toBe(0)
    },
  )
})

describe('ConnectionMachine: losses', () => {
  it('CS-27 waits for the first delay after a loss', async () => {
    const bench = await benchIn('connected')
    const reason = bench.fake.last.lose()
    expect(bench.machine.state).toEqual({ name: 'waiting', cause: reason, retryIn: 10, failures: 1 })
    expect(bench.machine.current).toBeUndefined()
    expect(bench.fake.attempts).toHaveLength(1)
  })

  it('CS-44 CS-68 ignores the loss of a connection that is no longer current', async () => {
    const bench = await benchIn('connected')
    const [first] = bench.fake.attempts
    first!.lose()
    bench.clock.advance(10)
    const value = await bench.fake.last.succeed()
    first!.lose()
    expect(bench.machine.current).toBe(value)
    bench.stop()
    bench.fake.last.lose()
    expect(bench.name()).toBe('stopped')
    first!.lose()
    bench.fake.last.lose()
    expect(bench.name()).toBe('stopped')
  })

  it.each([
    [9, 2],
    [10, 1],
    [11, 1],
  ])('forgets the failures only after a stable time: %d s give %d', async (seconds, failures) => {
    const bench = machineWith({ stableAfter: 10 })
    bench.start()
    await bench.fake.last.fail()
    bench.clock.advance(10)
    await bench.fake.last.succeed()
    expect(bench.pending()).toBe(0)
    bench.clock.advance(seconds)
    expect(bench.machine.state.failures).toBe(failures - 1)
    bench.fake.last.lose()
    expect(bench.machine.failures).toBe(failures)
  })

  it('CS-54 forgets the failures when a stable connection is closed by a stop', async () => {
    const bench = machineWith({ stableAfter: 10 })
    bench.start()
    await bench.fake.last.fail()
    bench.clock.advance(10)
    await bench.fake.last.succeed()
    bench.clock.advance(10)
    bench.stop()
    bench.fake.last.lose()
    bench.start()
    await bench.fake.last.fail()
    expect(bench.machine.failures).toBe(1)
  })
})

describe('ConnectionMachine: stopping', () => {
  it('CS-11 is stopped as soon as the attempt is cancelled', async () => {
    const bench = await benchIn('connecting')
    const stopped = bench.stop()
    expect(bench.fake.last.aborted).toBe(true)
    await settle()
    expect(stopped.times).toBe(1)
    expect(bench.name()).toBe('stopped')
  })

  it('CS-12 waits for an attempt that is cancelled slowly', async () => {
    const bench = await benchIn('waiting')
    bench.fake.cancels = false
    bench.clock.advance(10)
    const stopped = bench.stop()
    await settle()
    expect(bench.fake.last.aborted).toBe(true)
    expect(stopped.times).toBe(0)
    await bench.fake.last.fail()
    expect(stopped.times).toBe(1)
    expect(bench.pending()).toBe(0)
  })

  it('CS-21 takes the retry off the clock, fails the waiters, then tells that it is stopped', async () => {
    const bench = await benchIn('waiting')
    const seen: string[] = []
    bench.machine.waiters.add({
      patience: 1,
      connected: () => {},
      failed: () => seen.push(`waiter, ${bench.pending()} pending`),
    })
    bench.machine.stop(() => seen.push('stopped'))
    expect(seen).toEqual(['waiter, 0 pending', 'stopped'])
  })

  it('CS-25 CS-81 closes the connection, gracefully, and waits for its loss', async () => {
    const bench = await benchIn('connected')
    const stopped = bench.stop()
    expect(bench.fake.last).toMatchObject({ closed: 1, cut: 0 })
    expect(bench.fake.last.closeReason).toBeInstanceOf(CancelledError)
    expect(stopped.times).toBe(0)
    bench.clock.advance(1e6)
    expect(bench.fake.last).toMatchObject({ closed: 1, cut: 0 })
    bench.fake.last.lose()
    expect(stopped.times).toBe(1)
    expect(bench.name()).toBe('stopped')
  })

  it('CS-26 is stopped at once when the loss comes inside the close', async () => {
    const bench = await benchIn('connected')
    bench.fake.losesAtOnce = true
    const stopped = bench.stop()
    expect(stopped.times).toBe(1)
    expect(bench.name()).toBe('stopped')
  })

  it('CS-30 tells every stop when the connection is gone', async () => {
    const bench = await benchIn('connected')
    const stops = [bench.stop(), bench.stop(), bench.stop()]
    expect(bench.fake.last.closed).toBe(1)
    bench.fake.last.lose()
    expect(stops.map((stop) => stop.times)).toEqual([1, 1, 1])
  })

  it('CS-33 fails the waiters as cancelled, then tells that it is stopped', async () => {
    const bench = await benchIn('disconnecting')
    const seen: string[] = []
    bench.machine.waiters.add({
      patience: 1,
      connected: () => {},
      failed: (error) => seen.push((error as CancelledError).code),
    })
    bench.machine.stop(() => seen.push('stopped'))
    bench.fake.last.lose()
    expect(seen).toEqual(['ABORT_ERR', 'stopped'])
  })

  it('CS-34 closes a connection that comes in spite of the stop, and waits until it is gone', async () => {
    const bench = await benchIn('connecting')
    bench.fake.cancels = false
    const waiter = bench.wait()
    const stopped = bench.stop()
    await bench.fake.last.succeed()
    expect(bench.name()).toBe('disconnecting')
    expect(bench.fake.last.closed).toBe(1)
    expect(stopped.times).toBe(0)
    bench.fake.last.lose()
    expect(stopped.times).toBe(1)
    await settle()
    expect(waiter.error).toBeInstanceOf(CancelledError)
  })

  it('CS-79 leaves nothing on the clock', async () => {
    for (const from of ['connecting', 'waiting', 'connected', 'restarting', 'failed'] as const) {
      const bench = await benchIn(from, { connectTimeout: 30, closeTimeout: 5 })
      bench.stop()
      bench.fake.last.lose()
      await settle()
      expect(bench.name()).toBe('stopped')
      expect(bench.pending()).toBe(0)
    }
  })

  it('CS-80 cuts a connection that does not close in time', async () => {
    const bench = await benchIn('connected', { closeTimeout: 5 })
    const stopped = bench.stop()
    bench.clock.advance(4.9)
    expect(bench.fake.last.cut).toBe(0)
    bench.clock.advance(0.1)
    expect(bench.fake.last).toMatchObject({ closed: 1, cut: 1 })
    expect(stopped.times).toBe(0)
    bench.fake.last.lose()
    expect(stopped.times).toBe(1)
    expect(bench.pending()).toBe(0)
  })
})

describe('ConnectionMachine: starting again', () => {
  it('CS-31 CS-38 connects when the old connection is gone, then tells that the stop is complete', async () => {
    const bench = await benchIn('connected')
    let attempts = 0
    bench.machine.stop(() => {
      attempts = bench.fake.attempts.length
    })
    bench.start()
    expect(bench.name()).toBe('restarting')
    expect(bench.fake.attempts).toHaveLength(1)
    bench.fake.last.lose()
    expect(bench.name()).toBe('connecting')
    expect(attempts).toBe(2)
  })

  it('CS-32 CS-39 keeps waiters through a stop that was superseded', async () => {
    const bench = await benchIn('connected')
    bench.stop()
    const first = bench.wait()
    bench.start()
    const second = bench.wait()
    bench.fake.last.lose()
    const value = await bench.fake.last.succeed()
    expect([first.value, second.value]).toEqual([value, value])
  })

  it('CS-35 does not connect again when it is stopped while restarting', async () => {
    const bench = await benchIn('connected')
    const first = bench.stop()
    bench.start()
    const second = bench.stop()
    bench.fake.last.lose()
    expect([first.times, second.times]).toEqual([1, 1])
    expect(bench.name()).toBe('stopped')
    expect(bench.fake.attempts).toHaveLength(1)
  })

  it('CS-40 begins a new attempt when the old one fails at last', async () => {
    const bench = await benchIn('connecting')
    bench.fake.cancels = false
    const stopped = bench.stop()
    bench.start()
    await bench.fake.last.fail()
    expect(stopped.times).toBe(1)
    expect(bench.name()).toBe('connecting')
    expect(bench.fake.attempts).toHaveLength(2)
    expect(bench.machine.failures).toBe(0)
  })

  it('closes a connection that comes in spite of the stop before it connects again', async () => {
    const bench = await benchIn('connecting')
    bench.fake.cancels = false
    bench.stop()
    bench.start()
    await bench.fake.last.succeed()
    expect(bench.name()).toBe('restarting')
    expect(bench.fake.last.closed).toBe(1)
    bench.fake.last.lose()
    expect(bench.fake.attempts).toHaveLength(2)
  })

  it('keeps waiters, and connects nothing, while a start is only expected', async () => {
    const bench = await benchIn('connected')
    const stopped = bench.stop()
    bench.owner.startExpected = true
    const waiter = bench.wait()
    expect(bench.name()).toBe('restarting')
    bench.fake.last.lose()
    const late = bench.wait()
    await settle()
    expect(stopped.times).toBe(1)
    expect(bench.name()).toBe('stopped')
    expect(late.state).toBe('pending')
    expect(bench.fake.attempts).toHaveLength(1)
    expect(waiter.state).toBe('pending')
    bench.start()
    expect(bench.name()).toBe('connecting')
    const value = await bench.fake.last.succeed()
    expect(waiter.value).toBe(value)
  })

  it('fails the waiters when the start that was expected does not come', async () => {
    const bench = await benchIn('disconnecting')
    bench.owner.startExpected = true
    const waiter = bench.wait()
    bench.fake.last.lose()
    bench.owner.startExpected = false
    bench.machine.rest()
    await settle()
    expect(bench.name()).toBe('stopped')
    expect(waiter.error).toBeInstanceOf(CancelledError)
  })

  it('fails the waiters after a stop for which the owner no longer waited', async () => {
    const bench = await benchIn('disconnecting')
    bench.owner.startExpected = true
    const waiter = bench.wait()
    bench.machine.rest()
    bench.fake.last.lose()
    await settle()
    expect(waiter.error).toBeInstanceOf(CancelledError)
  })
})

describe('ConnectionMachine: giving up', () => {
  it('fails with a fatal error: no retry, everybody is told', async () => {
    const bench = machineWith({ isFatal })
    const waiter = bench.wait()
    await reach.failed(bench)
    expect(bench.gaveUp).toHaveLength(1)
    expect(bench.machine.state).toMatchObject({ name: 'failed', cause: bench.gaveUp[0], retryIn: undefined })
    expect(waiter.error).toBe(bench.gaveUp[0])
    expect(bench.pending()).toBe(0)
    expect(bench.log.of('error')[0]!.fields).toMatchObject({
      attempt: 1,
      endpoint: 'fake:1',
      err: bench.gaveUp[0],
    })
  })

  it('fails with a fatal loss', async () => {
    const bench = await benchIn('connected')
    bench.fake.last.lose(Object.assign(new Error('banned'), { code: 'FATAL' }))
    expect(bench.name()).toBe('failed')
  })

  it('BP-08 tells isFatal how many failures there were', async () => {
    const bench = machineWith({ isFatal: (_error, failures) => failures === 2 })
    bench.start()
    await bench.fake.last.fail()
    expect(bench.name()).toBe('waiting')
    bench.clock.advance(10)
    await bench.fake.last.fail()
    expect(bench.name()).toBe('failed')
  })

  it('BP-08 gives up after maxFailures in a row, with the last failure', async () => {
    const bench = machineWith({ maxFailures: 3 })
    const waiter = bench.wait()
    bench.start()
    for (let attempt = 0; attempt < 2; attempt++) {
      await bench.fake.last.fail()
      bench.clock.advance(100)
    }
    expect(bench.name()).toBe('connecting')
    const last = await bench.fake.last.fail()
    expect(bench.name()).toBe('failed')
    expect(bench.gaveUp).toEqual([last])
    expect(waiter.error).toBe(last)
  })

  it.each([true, false])(
    'BP-08 begins anew with the start after it gave up, the count that the policy gets included; after a stop: %s',
    async (stops) => {
      const asked: number[] = []
      const bench = machineWith({ maxFailures: 3, retryPolicy: (failures) => (asked.push(failures), 100) })
      for (let start = 1; start <= 3; start++) {
        bench.start()
        for (let attempt = 0; attempt < 3; attempt++) {
          expect(bench.name()).toBe('connecting')
          await bench.fake.last.fail()
          bench.clock.advance(100)
        }
        expect(bench.name()).toBe('failed')
        expect(bench.gaveUp).toHaveLength(start)
        if (stops) bench.stop()
      }
      expect(asked).toEqual([1, 2, 1, 2, 1, 2])
    },
  )

  it('BP-08 counts to maxFailures anew after a connection, whatever was before the start', async () => {
    const bench = machineWith({ maxFailures: 2 })
    for (let start = 1; start <= 2; start++) {
      bench.start()
      await bench.fake.last.fail()
      bench.stop()
    }
    bench.start()
    await bench.fake.last.succeed()
    bench.fake.last.lose()
    expect(bench.name()).toBe('waiting')
    bench.clock.advance(100)
    await bench.fake.last.fail()
    expect(bench.name()).toBe('failed')
  })

  it('BP-08 gives up when the policy yields Infinity, and never gives up by itself', async () => {
    const bench = machineWith({ retryPolicy: (failures) => (failures < 500 ? 1 : Infinity) })
    bench.start()
    for (let attempt = 1; attempt < 500; attempt++) {
      await bench.fake.last.fail()
      expect(bench.name()).toBe('waiting')
      bench.clock.advance(1)
    }
    await bench.fake.last.fail()
    expect(bench.name()).toBe('failed')
  })

  it('logs what isFatal throws, and goes on', async () => {
    const bench = machineWith({
      isFatal: () => {
        throw new Error('broken')
      },
    })
    bench.start()
    await bench.fake.last.fail()
    expect(bench.name()).toBe('waiting')
    expect(bench.log.of('error')).toHaveLength(1)
  })

  it('waits for a rejected connection before it starts again', async () => {
    const bench = machineWith({
      isFatal,
      prepareConnection: () => {
        throw Object.assign(new Error('bad login'), { code: 'FATAL' })
      },
    })
    bench.start()
    await bench.fake.last.succeed()
    expect(bench.name()).toBe('failed')
    expect(bench.fake.last.closed).toBe(1)
    bench.start()
    expect(bench.name()).toBe('restarting')
    bench.fake.last.lose()
    expect(bench.name()).toBe('connecting')
  })

  it('waits for a rejected connection before it counts as stopped', async () => {
    const bench = machineWith({
      isFatal,
      prepareConnection: () => {
        throw Object.assign(new Error('bad login'), { code: 'FATAL' })
      },
    })
    bench.start()
    await bench.fake.last.succeed()
    const stopped = bench.stop()
    expect(bench.name()).toBe('disconnecting')
    bench.fake.last.lose()
    expect(bench.name()).toBe('stopped')
    expect(stopped.times).toBe(1)
  })
})

describe('ConnectionMachine: a rejected connection', () => {
  const reject = { prepareConnection: () => Promise.reject(new Error('bad login')) }

  it('CS-68 is closed, and gone before the next attempt', async () => {
    const bench = machineWith(reject)
    bench.start()
    await bench.fake.last.succeed()
    expect(bench.name()).toBe('waiting')
    expect(bench.fake.last.closed).toBe(1)
    bench.clock.advance(10)
    expect(bench.name()).toBe('waiting')
    expect(bench.machine.state.retryIn).toBeUndefined()
    expect(bench.fake.attempts).toHaveLength(1)
    bench.fake.last.lose()
    expect(bench.name()).toBe('connecting')
    expect(bench.fake.attempts).toHaveLength(2)
  })

  it('does not shorten the delay when it is gone early', async () => {
    const bench = machineWith(reject)
    bench.start()
    await bench.fake.last.succeed()
    bench.fake.last.lose()
    expect(bench.name()).toBe('waiting')
    bench.clock.advance(10)
    expect(bench.name()).toBe('connecting')
  })

  it('is waited for by a stop', async () => {
    const bench = machineWith(reject)
    bench.start()
    await bench.fake.last.succeed()
    const stopped = bench.stop()
    expect(bench.name()).toBe('disconnecting')
    expect(bench.pending()).toBe(0)
    expect(stopped.times).toBe(0)
    bench.fake.last.lose()
    expect(stopped.times).toBe(1)
  })

  it('is waited for by reconnectNow', async () => {
    const bench = machineWith(reject)
    bench.start()
    await bench.fake.last.succeed()
    bench.machine.reconnectNow()
    expect(bench.fake.attempts).toHaveLength(1)
    expect(bench.pending()).toBe(0)
    bench.fake.last.lose()
    expect(bench.fake.attempts).toHaveLength(2)
  })

  it('CS-80 is cut when it does not close, and counts as lost when even that is not reported', async () => {
    const bench = machineWith({ ...reject, closeTimeout: 5 })
    bench.start()
    await bench.fake.last.succeed()
    bench.clock.advance(5)
    expect(bench.fake.last.cut).toBe(1)
    bench.clock.advance(5)
    expect(bench.log.of('warn')).toHaveLength(1)
    expect(bench.name()).toBe('connecting')
  })
})

describe('ConnectionMachine: calls from inside', () => {
  it.each([
    ['the policy', (act: () => void) => ({ retryPolicy: () => (act(), 10) })],
    ['isFatal', (act: () => void) => ({ isFatal: () => (act(), false) })],
  ])('CS-52 may be stopped from %s', async (_place, options) => {
    let stopped = 0
    const bench: Bench = machineWith(options(() => bench.machine.stop(() => stopped++)))
    const waiter = bench.wait(1)
    const patient = bench.wait()
    bench.start()
    const error = await bench.fake.last.fail()
    expect(bench.name()).toBe('stopped')
    expect(stopped).toBe(1)
    expect(bench.pending()).toBe(0)
    expect(waiter.error).toBe(error)
    expect(patient.error).toBeInstanceOf(CancelledError)
  })

  it('CS-52 may reconnect from the policy', async () => {
    const bench: Bench = machineWith({
      retryPolicy: () => {
        bench.machine.reconnectNow()
        return 10
      },
    })
    bench.start()
    await bench.fake.last.fail()
    expect(bench.name()).toBe('connecting')
    expect(bench.fake.attempts).toHaveLength(2)
    expect(bench.pending()).toBe(0)
  })

  it('CS-52 may be stopped from inside connect', async () => {
    const bench = machineWith()
    let stopped = { times: 0 }
    bench.fake.onConnect = () => {
      stopped = bench.stop()
      return undefined
    }
    bench.start()
    expect(bench.name()).toBe('disconnecting')
    expect(bench.fake.last.given.signal.aborted).toBe(true)
    bench.fake.onConnect = undefined
    await bench.fake.last.fail()
    expect(stopped.times).toBe(1)
  })

  it('CS-52 closes what connect yields when it was stopped inside', async () => {
    const bench = machineWith()
    bench.fake.onConnect = (attempt) => {
      bench.stop()
      return attempt.value
    }
    bench.start()
    expect(bench.fake.last.closed).toBe(1)
    expect(bench.name()).toBe('disconnecting')
    bench.fake.last.lose()
    expect(bench.name()).toBe('stopped')
  })

  it('CS-52 may be stopped and started from inside close', async () => {
    const bench = machineWith({ prepareConnection: () => Promise.reject(new Error('bad login')) })
    bench.fake.onClose = (attempt) => {
      attempt.lose()
      bench.stop()
      bench.start()
    }
    bench.start()
    await bench.fake.last.succeed()
    expect(bench.name()).toBe('connecting')
    expect(bench.fake.attempts).toHaveLength(2)
    expect(bench.machine.failures).toBe(0)
  })

  it('CS-52 may be started from the call that tells that it is stopped', async () => {
    const bench = await benchIn('connected')
    bench.machine.stop(bench.start)
    const second = bench.stop()
    bench.fake.last.lose()
    expect(bench.name()).toBe('connecting')
    expect(second.times).toBe(1)
  })

  it.each([
    ['connecting', ['connecting', 'stopped']],
    ['waiting', ['connecting', 'waiting', 'stopped']],
    ['connected', ['connecting', 'connected', 'disconnecting', 'stopped']],
  ] as const)(
    'CS-52 may be stopped by a listener when it is %s, and listeners see every change in order',
    async (when, names) => {
      const bench = machineWith()
      const seen: string[] = []
      bench.machine.onChange(({ name }) => {
        if (name === when) bench.machine.stop(() => {})
      })
      bench.machine.onChange(({ name }) => seen.push(name))
      bench.fake.losesAtOnce = true
      bench.start()
      if (when === 'waiting') await bench.fake.last.fail()
      if (when === 'connected') await bench.fake.last.succeed()
      await settle()
      expect(seen.filter((name) => when !== 'connecting' || name !== 'disconnecting')).toEqual(names)
      expect(bench.name()).toBe('stopped')
      expect(bench.pending()).toBe(0)
    },
  )

  it('tells each change once, however often it is asked for', async () => {
    const bench = await benchIn('connected')
    const seen: string[] = []
    bench.machine.onChange(({ name }) => seen.push(name))
    bench.stop()
    bench.stop()
    bench.start()
    bench.start()
    bench.fake.last.lose()
    expect(seen).toEqual(['disconnecting', 'restarting', 'connecting'])
  })

  it('CS-29 stays connected when a listener throws', async () => {
    const bench = machineWith()
    bench.machine.onChange(() => {
      throw new Error('broken')
    })
    const waiter = bench.wait()
    bench.start()
    const value = await bench.fake.last.succeed()
    expect(bench.machine.current).toBe(value)
    expect(waiter.value).toBe(value)
    expect(bench.log.of('error')).toHaveLength(2)
  })
})

describe('ConnectionMachine: a log that throws', () => {
  const broken = () => {
    throw new Error('the log has ended')
  }

  function withBrokenLog(options: ConnectionOptions<Connection> = {}) {
    const bench = machineWith({ closeTimeout: 5, ...options })
    Object.assign(bench.log, { debug: broken, info: broken, warn: broken, error: broken })
    return bench
  }

  it.each(wrongPolicies)(
    'CS-56 CS-57 does not keep it from trying again: a policy that %s',
    async (_what, retryPolicy) => {
      const bench = withBrokenLog({ retryPolicy })
      const waiter = bench.wait(1)
      bench.start()
      const error = await bench.fake.last.fail()
      expect(waiter.error).toBe(error)
      bench.clock.advance(2)
      expect(bench.fake.attempts).toHaveLength(2)
    },
  )

  it('does not keep it from giving up, and from telling so', async () => {
    const bench = withBrokenLog({ isFatal: (_error, failures) => (failures === 1 ? broken() : true) })
    const waiter = bench.wait()
    bench.start()
    await bench.fake.last.fail()
    bench.clock.advance(10)
    const error = await bench.fake.last.fail()
    expect(waiter.error).toBe(error)
    expect(bench.gaveUp).toEqual([error])
  })

  it('does not keep the listeners from being told', async () => {
    const bench = withBrokenLog()
    const seen: string[] = []
    bench.machine.onChange(broken)
    bench.machine.onChange(({ name }) => seen.push(name))
    bench.start()
    await bench.fake.last.succeed()
    expect(seen).toEqual(['connecting', 'connected'])
  })

  it('CS-80 does not keep a stop from ending', async () => {
    const bench = withBrokenLog()
    bench.fake.onClose = broken
    bench.fake.abort = broken
    bench.start()
    await bench.fake.last.succeed()
    expect(bench.stop().times).toBe(1)
    bench.fake.cancels = false
    bench.start()
    const stopped = bench.stop()
    bench.clock.advance(5)
    expect(stopped.times).toBe(1)
    expect(bench.pending()).toBe(0)
  })
})

describe('ConnectionMachine: what people see', () => {
  it('tells the time that is left until the next attempt', async () => {
    const bench = await benchIn('waiting')
    bench.clock.advance(4)
    expect(bench.machine.state.retryIn).toBe(6)
  })

  it('tells the cause until there is a connection, or a stop', async () => {
    const bench = await benchIn('waiting')
    const { cause } = bench.machine.state
    bench.clock.advance(10)
    expect(bench.machine.state).toMatchObject({ name: 'connecting', cause, failures: 1 })
    await bench.fake.last.succeed()
    expect(bench.machine.state.cause).toBeUndefined()
    bench.fake.last.lose()
    bench.stop()
    expect(bench.machine.state.cause).toBeUndefined()
  })

  it('counts attempts and connections', async () => {
    const bench = await benchIn('waiting')
    bench.clock.advance(10)
    await bench.fake.last.succeed()
    expect(bench.machine).toMatchObject({ attempts: 2, connections: 1 })
  })
})
