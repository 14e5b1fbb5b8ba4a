import { describe, expect, it } from 'vitest'
import { CancelledError, Clock, type ILog, realTurn } from '../src/index.ts'
import { acquire } from '../src/internal.ts'

interface Late {
  promise: Promise<string>
  resolve: (value: string) => void
  reject: (error: Error) => void
}

/** What is acquired, what was closed, and what was logged. */
function setUp(close: (value: string) => void | Promise<void> = () => {}) {
  const late = {} as Late
  late.promise = new Promise((resolve, reject) => Object.assign(late, { resolve, reject }))
  const closed: string[] = []
  const logged: unknown[] = []
  const drop = () => {}
  const log: ILog = { debug: drop, info: drop, warn: drop, error: (fields) => logged.push(fields) }
  const controller = new AbortController()
  const clock = new Clock()
  const result = acquire(
    late.promise,
    (value) => {
      closed.push(value)
      return close(value)
    },
    { signal: controller.signal, clock, log },
  )
  result.catch(() => {})
  const outcome = { settled: false }
  result.finally(() => (outcome.settled = true)).catch(() => {})
  return { late, closed, logged, controller, clock, result, outcome }
}

describe('acquire', () => {
  it('yields what comes, and does not close it', async () => {
    const { late, closed, controller, result } = setUp()
    late.resolve('port')
    expect(await result).toBe('port')
    controller.abort()
    await realTurn()
    expect(closed).toEqual([])
  })

  it('rejects with what fails, and does not log it', async () => {
    const { late, logged, result } = setUp()
    const error = new Error('in use')
    late.reject(error)
    await expect(result).rejects.toBe(error)
    await realTurn()
    expect(logged).toEqual([])
  })

  it('waits for the end of what was given up, closes what it yields, and rejects with the reason', async () => {
    let finish = () => {}
    const closing = new Promise<void>((resolve) => (finish = resolve))
    const { late, closed, logged, controller, clock, result, outcome } = setUp(() => closing)
    const reason = new Error('stopped')
    controller.abort(reason)
    await realTurn()
    expect(outcome.settled).toBe(false)
    late.resolve('port')
    await realTurn()
    expect(closed).toEqual(['port'])
    expect(outcome.settled).toBe(false)
    finish()
    await expect(result).rejects.toBe(reason)
    expect(logged).toEqual([])
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('waits for a second, and closes what comes even later', async () => {
    const { late, closed, controller, clock, result, outcome } = setUp()
    const reason = new Error('stopped')
    controller.abort(reason)
    await realTurn()
    clock.advance(0.9)
    await realTurn()
    expect(outcome.settled).toBe(false)
    clock.advance(0.1)
    await expect(result).rejects.toBe(reason)
    late.resolve('port')
    await realTurn()
    expect(closed).toEqual(['port'])
  })

  it.each([
    ['the reason itself', (reason: Error) => reason],
    ['a CancelledError', () => new CancelledError()],
    ['an AbortError of Node', () => Object.assign(new Error('aborted'), { code: 'ABORT_ERR' })],
  ])('takes %s for the end of a given up operation', async (_what, made) => {
    const { late, logged, controller, result } = setUp()
    const reason = new Error('stopped')
    controller.abort(reason)
    late.reject(made(reason))
    await expect(result).rejects.toBe(reason)
    await realTurn()
    expect(logged).toEqual([])
  })

  it('logs any other late error', async () => {
    const { late, logged, controller, result } = setUp()
    controller.abort(new Error('stopped'))
    const error = new Error('giving up failed')
    late.reject(error)
    await expect(result).rejects.toThrow('stopped')
    await realTurn()
    expect(logged).toEqual([{ err: error }])
  })

  it('logs that what came too late could not be closed', async () => {
    const error = new Error('cannot close')
    const { late, logged, controller } = setUp(() => Promise.reject(error))
    controller.abort()
    late.resolve('port')
    await realTurn()
    expect(logged).toEqual([{ err: error }])
  })
})
