import { realTurn } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { ConnectionMachine } from '../src/connection-machine.ts'
import { nextConnection } from '../src/next-connection.ts'
import { connectionSettings } from '../src/settings.ts'
import { type Connection, FakeConnectable, outcome, settle, testContext } from './fakes.ts'

function machine() {
  const context = testContext()
  const fake = new FakeConnectable()
  const settings = connectionSettings<Connection>({ retryPolicy: () => 10, connectTimeout: Infinity })
  const made = new ConnectionMachine(fake, settings, { context, startExpected: false, fail: () => {} })
  made.start()
  const pending = () => context.clock.getDelayedCalls().length
  return { ...context, fake, machine: made, pending }
}

describe('nextConnection', () => {
  it('CS-17 yields the connection that comes', async () => {
    const bench = machine()
    const waiter = outcome(nextConnection(bench.machine))
    const value = await bench.fake.last.succeed()
    expect(waiter.value).toBe(value)
  })

  it('rejects with a TimeoutError when the time is over, and waits no longer', async () => {
    const bench = machine()
    const waiter = outcome(nextConnection(bench.machine, { timeout: '5s' }))
    bench.clock.advance('4.9s')
    await settle()
    expect(waiter.state).toBe('pending')
    bench.clock.advance('0.1s')
    await settle()
    expect(waiter.error).toMatchObject({ code: 'ERR_SENNIT_TIMEOUT', timeout: 5 })
    expect(bench.machine.waiters.size).toBe(0)
  })

  it('CS-51 rejects with the reason of the signal, and waits no longer', async () => {
    const bench = machine()
    const control = new AbortController()
    const waiter = outcome(nextConnection(bench.machine, { signal: control.signal, timeout: 60 }))
    const reason = new Error('enough')
    control.abort(reason)
    await settle()
    expect(waiter.error).toBe(reason)
    expect(bench.machine.waiters.size).toBe(0)
    expect(bench.pending()).toBe(0)
  })

  it('DF-04 need not be awaited: its rejection is nowhere reported as unhandled', async () => {
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    try {
      const bench = machine()
      void nextConnection(bench.machine)
      void nextConnection(bench.machine, { failAfterFailures: NaN })
      bench.machine.stop(() => {})
      await realTurn()
      await realTurn()
    } finally {
      process.off('unhandledRejection', note)
    }
    expect(unhandled).toEqual([])
  })

  it('rejects at once when the signal is aborted already', async () => {
    const bench = machine()
    const reason = new Error('enough')
    await expect(nextConnection(bench.machine, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(bench.machine.waiters.size).toBe(0)
  })

  it.each(['succeed', 'fail'] as const)(
    'leaves nothing behind when the attempt has come to an end: %s',
    async (how) => {
      const bench = machine()
      const control = new AbortController()
      let listeners = 0
      const { signal } = control
      const add = signal.addEventListener.bind(signal)
      const remove = signal.removeEventListener.bind(signal)
      signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args))
      signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args))
      const waiter = outcome(nextConnection(bench.machine, { signal, timeout: 60, failAfterFailures: 1 }))
      expect(listeners).toBe(1)
      await bench.fake.last[how]()
      expect(waiter.state).not.toBe('pending')
      expect(listeners).toBe(0)
      // Of the failure, the retry.
      expect(bench.pending()).toBe(how === 'fail' ? 1 : 0)
    },
  )

  it.each([
    [{ failAfterFailures: NaN }, 'ERR_SENNIT_CLIENT_OPTION'],
    [{ failAfterFailures: '3' as unknown as number }, 'ERR_SENNIT_CLIENT_OPTION'],
    [{ timeout: -1 }, 'ERR_SENNIT_DURATION'],
  ])('rejects %j', async (options, code) => {
    const bench = machine()
    await expect(nextConnection(bench.machine, options)).rejects.toMatchObject({ code })
    expect(bench.machine.waiters.size).toBe(0)
  })

  it('wants a later connection than those that were seen', async () => {
    const bench = machine()
    const first = await bench.fake.last.succeed()
    expect(await nextConnection(bench.machine, {}, 0)).toBe(first)
    const waiter = outcome(nextConnection(bench.machine, {}, 1))
    await settle()
    expect(waiter.state).toBe('pending')
    bench.fake.last.lose()
    bench.clock.advance(10)
    const second = await bench.fake.last.succeed()
    expect(waiter.value).toBe(second)
  })
})
