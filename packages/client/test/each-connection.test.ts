import { CancelledError } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { ConnectionMachine } from '../src/connection-machine.ts'
import { eachConnection } from '../src/each-connection.ts'
import { connectionSettings } from '../src/settings.ts'
import { type Connection, FakeConnectable, outcome, settle, testContext } from './fakes.ts'

function machine() {
  const context = testContext()
  const fake = new FakeConnectable()
  const settings = connectionSettings<Connection>({
    retryPolicy: () => 10,
    connectTimeout: Infinity,
    isFatal: (error) => error.code === 'FATAL',
  })
  const made = new ConnectionMachine(fake, settings, { context, startExpected: false, fail: () => {} })
  const again = async () => {
    fake.last.lose()
    context.clock.advance(10)
    return fake.last.succeed()
  }
  return { ...context, fake, machine: made, again }
}

/** A machine that has been started, and an iteration that has been asked once. */
function iterate(signal?: AbortSignal) {
  const bench = machine()
  const each = eachConnection(bench.machine, { signal })
  const next = outcome(each.next())
  bench.machine.start()
  return { ...bench, each, next }
}

describe('eachConnection', () => {
  it('yields each connection once', async () => {
    const bench = iterate()
    const first = await bench.fake.last.succeed()
    expect(bench.next.value).toEqual({ done: false, value: first })
    const next = outcome(bench.each.next())
    await settle()
    expect(next.state).toBe('pending')
    const second = await bench.again()
    expect(next.value).toEqual({ done: false, value: second })
  })

  it('yields the present connection first', async () => {
    const bench = machine()
    bench.machine.start()
    const value = await bench.fake.last.succeed()
    expect(await eachConnection(bench.machine).next()).toEqual({ done: false, value })
  })

  it('leaves out what is gone before it was asked for', async () => {
    const bench = iterate()
    await bench.fake.last.succeed()
    await bench.again()
    const third = await bench.again()
    expect((await bench.each.next()).value).toBe(third)
    await bench.again()
    bench.fake.last.lose()
    const next = outcome(bench.each.next())
    await settle()
    expect(next.state).toBe('pending')
  })

  it('leaves out what is gone within the turn in which it came', async () => {
    const bench = machine()
    bench.fake.onConnect = (attempt) => attempt.value
    const each = eachConnection(bench.machine)
    const next = outcome(each.next())
    bench.machine.start()
    bench.fake.last.lose()
    await settle()
    expect(next.state).toBe('pending')
    bench.clock.advance(10)
    await settle()
    expect(next.value).toEqual({ done: false, value: { id: 2 } })
  })

  it('ends when the machine is stopped', async () => {
    const bench = iterate()
    bench.machine.stop(() => {})
    await settle()
    expect(bench.next.value).toEqual({ done: true, value: undefined })
  })

  it('goes on through a restart', async () => {
    const bench = iterate()
    await bench.fake.last.succeed()
    const next = outcome(bench.each.next())
    await settle()
    bench.machine.stop(() => {})
    bench.machine.start()
    bench.fake.last.lose()
    const second = await bench.fake.last.succeed()
    expect(next.value).toEqual({ done: false, value: second })
  })

  it('throws when the machine gives up', async () => {
    const bench = iterate()
    const error = await bench.fake.last.fail(Object.assign(new Error('fatal'), { code: 'FATAL' }))
    expect(bench.next.error).toBe(error)
  })

  it('throws the reason of the signal, even when it is a CancelledError', async () => {
    const control = new AbortController()
    const bench = iterate(control.signal)
    const reason = new CancelledError()
    control.abort(reason)
    await settle()
    expect(bench.next.error).toBe(reason)
    expect(bench.machine.waiters.size).toBe(0)
  })

  it('keeps nobody waiting after a loop was left', async () => {
    const bench = machine()
    bench.machine.start()
    await bench.fake.last.succeed()
    for await (const each of eachConnection(bench.machine)) {
      expect(each).toBe(bench.machine.current)
      break
    }
    expect(bench.machine.waiters.size).toBe(0)
  })
})
