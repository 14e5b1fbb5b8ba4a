import { CancelledError } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { Attempt, type AttemptOwner } from '../src/attempt.ts'
import { type ConnectionOptions, connectionSettings } from '../src/settings.ts'
import { type Connection, FakeConnectable, settle, testContext } from './fakes.ts'

/** An attempt that has begun, and what its owner was told. */
function attemptWith(options: ConnectionOptions<Connection> = {}, prepare?: (fake: FakeConnectable) => void) {
  const context = testContext()
  const fake = new FakeConnectable()
  fake.cancels = false
  prepare?.(fake)
  const told: string[] = []
  const owner: AttemptOwner<Connection> = {
    connectable: fake,
    settings: connectionSettings({ connectTimeout: 30, prepareTimeout: 20, closeTimeout: 5, ...options }),
    context,
    established: (_attempt, value) => told.push(`established ${value.id}`),
    ended: (_attempt, reason) => told.push(`ended: ${reason.message}`),
    lost: (_attempt, reason) => told.push(`lost: ${reason.message}`),
    left: () => told.push('left'),
  }
  const attempt = new Attempt(owner)
  attempt.connect()
  const pending = () => context.clock.getDelayedCalls().length
  return { ...context, fake, attempt, told, pending, given: fake.last }
}

type Bench = ReturnType<typeof attemptWith>

const never = () => new Promise(() => {})

/** Brings an attempt into each phase. */
const reach: Record<string, () => Promise<Bench>> = {
  connecting: async () => attemptWith(),
  preparing: async () => {
    const bench = attemptWith({ prepareConnection: never })
    await bench.given.succeed()
    return bench
  },
  established: async () => {
    const bench = attemptWith()
    await bench.given.succeed()
    return bench
  },
  cancelling: async () => {
    const bench = attemptWith()
    bench.attempt.close(new Error('unwanted'))
    return bench
  },
  closing: async () => {
    const bench = await reach['established']!()
    bench.attempt.close(new Error('unwanted'))
    return bench
  },
  aborting: async () => {
    const bench = await reach['closing']!()
    bench.clock.advance(5)
    return bench
  },
  abandoned: async () => {
    const bench = await reach['cancelling']!()
    bench.clock.advance(5)
    return bench
  },
  gone: async () => {
    const bench = await reach['established']!()
    bench.given.lose()
    return bench
  },
}

async function benchIn(phase: string): Promise<Bench> {
  const bench = await reach[phase]!()
  bench.told.length = 0
  return bench
}

describe('Attempt: every phase', () => {
  it.each([
    ['connecting', ['ended: lost'], 0],
    ['preparing', ['ended: lost'], 0],
    ['established', ['lost: lost'], 0],
    ['cancelling', ['left'], 0],
    ['closing', ['left'], 0],
    ['aborting', ['left'], 0],
    ['abandoned', [], 0],
    ['gone', [], 0],
  ])('CS-18 CS-44 lost while %s: %j', async (phase, told, pending) => {
    const bench = await benchIn(phase)
    bench.given.lose()
    bench.given.lose()
    expect(bench.told).toEqual(told)
    expect(bench.pending()).toBe(pending)
    expect(bench.attempt.isGone).toBe(true)
  })

  it.each([
    ['connecting', ['established 1'], { closed: 0, cut: 0 }],
    ['cancelling', [], { closed: 1, cut: 0 }],
    ['abandoned', [], { closed: 0, cut: 1 }],
  ])('CS-34 connected while %s: %j %j', async (phase, told, calls) => {
    const bench = await benchIn(phase)
    await bench.given.succeed()
    expect(bench.told).toEqual(told)
    expect(bench.given).toMatchObject(calls)
  })

  it.each(['connecting', 'cancelling', 'abandoned'])(
    'CS-34 cuts what comes after the loss was told while %s',
    async (phase) => {
      const bench = await benchIn(phase)
      bench.given.lose()
      bench.told.length = 0
      await bench.given.succeed()
      expect(bench.told).toEqual([])
      expect(bench.given).toMatchObject({ closed: 0, cut: 1 })
      expect(bench.pending()).toBe(0)
    },
  )

  it.each([
    ['connecting', ['ended: refused']],
    ['cancelling', ['left']],
    ['abandoned', []],
  ])('failed while %s: %j', async (phase, told) => {
    const bench = await benchIn(phase)
    await bench.given.fail()
    expect(bench.told).toEqual(told)
    expect(bench.pending()).toBe(0)
  })

  it.each([
    ['connecting', true, 0],
    ['preparing', false, 1],
    ['established', false, 1],
    ['cancelling', true, 0],
    ['closing', false, 1],
    ['aborting', false, 1],
    ['abandoned', true, 0],
    ['gone', false, 0],
  ])('closed while %s: aborted %s, closed %d times in all', async (phase, aborted, closed) => {
    const bench = await benchIn(phase)
    bench.attempt.close(new Error('unwanted'))
    bench.attempt.close(new Error('unwanted'))
    expect(bench.given).toMatchObject({ aborted, closed })
    expect(bench.told).toEqual([])
  })

  it.each([
    ['connecting', 30, ['ended: Connecting took longer than 30 s'], { aborted: true, closed: 0, cut: 0 }],
    ['preparing', 20, ['ended: Preparing the connection took longer than 20 s'], { closed: 1, cut: 0 }],
    ['cancelling', 5, ['left'], { closed: 0, cut: 0 }],
    ['closing', 5, [], { closed: 1, cut: 1 }],
    ['aborting', 5, ['left'], { closed: 1, cut: 1 }],
  ])('CS-80 too long %s, for %d s: %j', async (phase, seconds, told, calls) => {
    const bench = await benchIn(phase)
    bench.clock.advance(seconds - 0.1)
    expect(bench.told).toEqual([])
    bench.clock.advance(0.1)
    expect(bench.told).toEqual(told)
    expect(bench.given).toMatchObject(calls)
  })

  it.each([
    ['connecting', [], { aborted: false, closed: 0, cut: 0 }, 1],
    ['preparing', [], { closed: 0, cut: 0 }, 1],
    ['established', [], { closed: 0, cut: 0 }, 0],
    ['cancelling', ['left'], { closed: 0, cut: 0 }, 0],
    ['closing', [], { closed: 1, cut: 1 }, 1],
    ['aborting', [], { closed: 1, cut: 1 }, 1],
    ['abandoned', [], { closed: 0, cut: 0 }, 0],
    ['gone', [], { closed: 0, cut: 0 }, 0],
  ])('CS-80 hurried while %s: %j %j', async (phase, told, calls, pending) => {
    const bench = await benchIn(phase)
    bench.attempt.hurry()
    bench.attempt.hurry()
    expect(bench.told).toEqual(told)
    expect(bench.given).toMatchObject(calls)
    expect(bench.pending()).toBe(pending)
  })

  it.each(['established', 'abandoned', 'gone'])('has nothing on the clock while %s', async (phase) => {
    expect((await benchIn(phase)).pending()).toBe(0)
  })

  it.each([
    ['connecting', undefined],
    ['preparing', { id: 1 }],
    ['gone', undefined],
  ])('has a value while %s: %j', async (phase, value) => {
    expect((await benchIn(phase)).attempt.value).toEqual(value)
  })
})

describe('Attempt: connecting', () => {
  it('tells the listener of what aborts the signal, once', () => {
    const { attempt, told } = attemptWith()
    const reasons: unknown[] = []
    attempt.listener = { cancelled: (reason) => reasons.push(reason) }
    expect(attempt.isCancelled).toBe(false)
    const reason = new CancelledError('unwanted')
    attempt.close(reason)
    attempt.close(reason)
    expect(reasons).toEqual([reason])
    expect(attempt.isCancelled).toBe(true)
    expect(told).toEqual([])
  })

  it('logs what the listener throws, and is given up all the same', async () => {
    const { attempt, log, told, given } = attemptWith()
    attempt.listener = {
      cancelled() {
        throw new Error('boom')
      },
    }
    attempt.close(new CancelledError('unwanted'))
    expect(log.of('error')).toMatchObject([{ message: 'Giving up an attempt to connect threw' }])
    await given.fail(new Error('gone'))
    expect(told).toEqual(['left'])
  })

  it('may be given its own members apart', async () => {
    const bench = attemptWith()
    const { lost, signal, context } = bench.attempt
    expect(signal.aborted).toBe(false)
    expect(context.clock).toBe(bench.clock)
    lost(new Error('apart'))
    expect(bench.told).toEqual(['ended: apart'])
  })

  it('aborts its signal with the reason', async () => {
    const bench = attemptWith()
    const reason = new Error('unwanted')
    bench.attempt.close(reason)
    expect(bench.given.given.signal.aborted).toBe(true)
    expect(bench.attempt.signal.aborted).toBe(true)
  })

  it('leaves the signal alone when the connection stands and is lost later', async () => {
    const bench = attemptWith()
    const { signal } = bench.attempt
    await bench.given.succeed()
    bench.given.lose()
    expect(signal.aborted).toBe(false)
  })

  it('CS-19 fails when the connection is lost before connect has settled, and cuts what still comes', async () => {
    const bench = attemptWith()
    bench.given.lose(new Error('closed itself'))
    await bench.given.succeed()
    expect(bench.told).toEqual(['ended: closed itself'])
    expect(bench.given).toMatchObject({ closed: 0, cut: 1, aborted: true })
  })

  it('CS-19 fails when the connection is lost inside connect', () => {
    const bench = attemptWith({}, (fake) => {
      fake.onConnect = (attempt) => {
        attempt.lose(new Error('closed itself'))
        return attempt.value
      }
    })
    expect(bench.told).toEqual(['ended: closed itself'])
  })

  it('turns what is thrown and is no error into one', () => {
    const bench = attemptWith({}, (fake) => {
      fake.onConnect = () => {
        // oxlint-disable-next-line typescript/only-throw-error
        throw 'text'
      }
    })
    expect(bench.told).toEqual([expect.stringMatching(/^ended: A value .*text/)])
  })

  it('closes what comes after its time was over', async () => {
    const bench = attemptWith()
    bench.clock.advance(30)
    await bench.given.succeed()
    expect(bench.given.closed).toBe(1)
    expect(bench.attempt.isGone).toBe(false)
    bench.given.lose()
    expect(bench.told).toEqual(['ended: Connecting took longer than 30 s', 'left'])
  })

  it('gives a connection that comes late as long to close as any other', async () => {
    const bench = await benchIn('cancelling')
    bench.clock.advance(4)
    await bench.given.succeed()
    bench.clock.advance(4.9)
    expect(bench.given.cut).toBe(0)
    bench.clock.advance(0.1)
    expect(bench.given.cut).toBe(1)
  })

  it('says in the log that an attempt was not given up', async () => {
    const bench = await benchIn('abandoned')
    expect(bench.log.of('warn')).toHaveLength(1)
  })
})

describe('Attempt: preparing', () => {
  it('CS-61 CS-62 calls prepareConnection once, with the connection', async () => {
    const seen: Connection[] = []
    const bench = attemptWith({ prepareConnection: (value) => void seen.push(value) })
    expect(seen).toEqual([])
    const value = await bench.given.succeed()
    expect(seen).toEqual([value])
    expect(seen[0]).toBe(value)
  })

  it.each([
    ['nothing', () => undefined],
    ['a value', () => 42],
    ['a promise', () => Promise.resolve({ id: 99 })],
    // oxlint-disable-next-line unicorn/no-thenable
    ['a thenable', () => ({ then: (resolve: (value: unknown) => void) => resolve('done') })],
  ])('CS-63 ignores what it returns: %s', async (_what, prepareConnection) => {
    const bench = attemptWith({ prepareConnection })
    await bench.given.succeed()
    expect(bench.told).toEqual(['established 1'])
    expect(bench.pending()).toBe(0)
  })

  it('CS-64 waits for its promise', async () => {
    let resolve!: () => void
    const bench = attemptWith({
      prepareConnection: () => new Promise<void>((done) => { resolve = done }), // prettier-ignore
    })
    await bench.given.succeed()
    expect(bench.told).toEqual([])
    resolve()
    await settle()
    expect(bench.told).toEqual(['established 1'])
  })

  it.each([
    ['throws', () => { throw new Error('bad login') }], // prettier-ignore
    ['rejects', () => Promise.reject(new Error('bad login'))],
  ])('CS-65 CS-66 CS-68 fails, and closes the connection, when it %s', async (_what, prepareConnection) => {
    const bench = attemptWith({ prepareConnection })
    await bench.given.succeed()
    expect(bench.told).toEqual(['ended: bad login'])
    expect(bench.given.closed).toBe(1)
    expect(bench.given.closeReason!.message).toBe('bad login')
    expect(bench.attempt.isGone).toBe(false)
    bench.given.lose()
    expect(bench.told).toEqual(['ended: bad login', 'left'])
  })

  it('CS-67 is not called for a failed attempt', async () => {
    let calls = 0
    const bench = attemptWith({ prepareConnection: () => calls++ })
    await bench.given.fail()
    expect(calls).toBe(0)
  })

  it('CS-18 fails with the loss, once, when the connection is lost meanwhile', async () => {
    let signal: AbortSignal | undefined
    let reject!: (error: Error) => void
    const bench = attemptWith({
      prepareConnection: (_value, context) => {
        signal = context.signal
        return new Promise((_resolve, failed) => { reject = failed }) // prettier-ignore
      },
    })
    await bench.given.succeed()
    const reason = bench.given.lose()
    expect(signal!.aborted).toBe(true)
    expect(signal!.reason).toBe(reason)
    reject(new Error('interrupted'))
    await settle()
    expect(bench.told).toEqual(['ended: lost'])
    expect(bench.given.closed).toBe(0)
    expect(bench.pending()).toBe(0)
  })

  it('CS-18 fails once when the connection is lost inside prepareConnection, whatever that does then', async () => {
    for (const then of [
      () => undefined,
      never,
      () => Promise.reject(new Error('late')),
      () => {
        throw new Error('late')
      },
    ]) {
      // prettier-ignore
      const bench: Bench = attemptWith({
        prepareConnection: () => {
          bench.given.lose()
          return then()
        },
      })
      await bench.given.succeed()
      expect(bench.told).toEqual(['ended: lost'])
      expect(bench.pending()).toBe(0)
    }
  })

  it('CS-69 is aborted, and its connection closed, when the attempt is given up', async () => {
    let signal: AbortSignal | undefined
    const bench = attemptWith({
      prepareConnection: (_value, context) => {
        signal = context.signal
        return never()
      },
    })
    await bench.given.succeed()
    bench.attempt.close(new CancelledError())
    expect(signal!.aborted).toBe(true)
    expect(bench.given.closed).toBe(1)
    expect(bench.told).toEqual([])
    bench.given.lose()
    expect(bench.told).toEqual(['left'])
  })

  it('ignores a preparation that succeeds after it was given up', async () => {
    let resolve!: () => void
    const bench = attemptWith({
      prepareConnection: () => new Promise<void>((done) => { resolve = done }), // prettier-ignore
    })
    await bench.given.succeed()
    bench.attempt.close(new CancelledError())
    resolve()
    await settle()
    expect(bench.told).toEqual([])
  })

  it.each([
    ['lost', (bench: Bench) => void bench.given.lose()],
    ['closed', (bench: Bench) => bench.attempt.close(new CancelledError())],
  ])('has a signal that is aborted when the connection is %s long after', async (_what, end) => {
    let context: { readonly signal: AbortSignal } | undefined
    const bench = attemptWith({ prepareConnection: (_value, given) => void (context = given) })
    await bench.given.succeed()
    const { signal } = context!
    expect(signal.aborted).toBe(false)
    end(bench)
    expect(signal.aborted).toBe(true)
    expect(context!.signal.aborted).toBe(true)
  })
})

describe('Attempt: closing', () => {
  it('CS-26 takes a loss inside the close', async () => {
    const bench = await benchIn('established')
    bench.fake.losesAtOnce = true
    bench.attempt.close(new CancelledError())
    expect(bench.told).toEqual(['left'])
    expect(bench.pending()).toBe(0)
  })

  it('cuts at once when closing throws, and logs it', async () => {
    const bench = await benchIn('established')
    bench.fake.onClose = () => {
      throw new Error('broken')
    }
    bench.attempt.close(new CancelledError())
    expect(bench.given).toMatchObject({ closed: 1, cut: 1 })
    expect(bench.log.of('error')).toHaveLength(1)
    bench.given.lose()
    expect(bench.told).toEqual(['left'])
  })

  it('counts as lost when cutting throws as well', async () => {
    const bench = await benchIn('established')
    bench.fake.onClose = () => {
      throw new Error('broken')
    }
    bench.fake.abort = () => {
      throw new Error('broken, too')
    }
    bench.attempt.close(new CancelledError())
    expect(bench.told).toEqual(['left'])
    expect(bench.log.of('error')).toHaveLength(2)
    expect(bench.pending()).toBe(0)
  })

  it('takes a close that throws after the loss for what it is', async () => {
    const bench = await benchIn('established')
    bench.fake.onClose = (attempt) => {
      attempt.lose()
      throw new Error('broken')
    }
    bench.attempt.close(new CancelledError())
    expect(bench.told).toEqual(['left'])
    expect(bench.given.cut).toBe(0)
  })

  it('says in the log that a loss was not reported', async () => {
    const bench = await benchIn('aborting')
    bench.clock.advance(5)
    expect(bench.log.of('warn')).toHaveLength(1)
    expect(bench.told).toEqual(['left'])
  })
})
