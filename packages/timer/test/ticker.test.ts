import { describe, expect, it, vi } from 'vitest'
import { Clock, wallClock } from '@sennit/runtime'
import type { HookContext } from '@sennit/service'
import { Ticker, type TickerOwner } from '../src/ticker.ts'
import type { TimerRun } from '../src/timer-run.ts'
import type { TimerSettings } from '../src/timer-settings.ts'

/** A machine whose runs are ended from outside, without a service. */
function machine(settings: Partial<TimerSettings> = {}) {
  const clock = new Clock()
  const log = { debug() {}, info() {}, warn() {}, error: vi.fn<(fields: object) => void>() }
  const owner = {
    context: { reactor: clock, clock, log, random: () => 0 },
    path: 'poll',
    fail: vi.fn<(error: Error) => void>(),
    stopService: vi.fn<() => void | Promise<void>>(),
  } satisfies TickerOwner
  const runs: { run: TimerRun; began: number; resolve: () => void; reject: (error: Error) => void }[] = []
  const f = (run: TimerRun) =>
    new Promise<void>((resolve, reject) => runs.push({ run, began: clock.seconds(), resolve, reject }))
  const ticker = new Ticker(owner, f as () => Promise<void>, undefined, {
    now: true,
    onError: 'continue',
    stopGrace: 5,
    aligned: false,
    wallClock,
    unref: false,
    ...settings,
  })
  const controller = new AbortController()
  const hook: HookContext = { signal: controller.signal, context: owner.context }
  return { clock, owner, log, runs, ticker, hook, controller }
}

const microtasks = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

describe('Ticker', () => {
  it('idle: pauses, resumes and stops without effect, and refuses a trigger', async () => {
    const { clock, ticker, hook } = machine()
    ticker.pause()
    ticker.resume()
    expect(ticker.stop(hook)).toBeUndefined()
    await expect(ticker.trigger()).rejects.toMatchObject({ code: 'ERR_SENNIT_NOT_RUNNING' })
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('stopping: a start lets the old run go on, and none overlaps it', async () => {
    const { clock, ticker, runs, hook } = machine()
    ticker.start(clock, 1)
    const stopped = ticker.stop(hook)
    clock.advance(0.25)
    ticker.start(clock, 1)
    clock.advance(3)
    expect(runs).toHaveLength(1)
    runs[0]!.resolve()
    await stopped
    await microtasks()
    clock.advance(1)
    expect(runs.map(({ began, run }) => [began, run.missed])).toEqual([
      [0, 0],
      [4.25, 3],
    ])
  })

  it.each(['continue', 'stop', 'fail'] as const)(
    'stopping: the failure of the old run is only logged, with onError %s, and does not touch what was started since',
    async (onError) => {
      const { clock, owner, log, ticker, runs, hook } = machine({ onError })
      ticker.start(clock, 1)
      const stopped = ticker.stop(hook)
      ticker.start(clock, 1)
      const failure = new Error('the old run')
      runs[0]!.reject(failure)
      await stopped
      expect(log.error.mock.calls.map(([fields]) => fields)).toEqual([{ err: failure, service: 'poll' }])
      expect(owner.fail).not.toHaveBeenCalled()
      expect(owner.stopService).not.toHaveBeenCalled()
      await microtasks()
      clock.advance(1)
      expect(runs).toHaveLength(2)
    },
  )

  it('stopping: a second stop waits for the same run', async () => {
    const { clock, ticker, runs, hook } = machine()
    ticker.start(clock, 1)
    const first = ticker.stop(hook)
    ticker.start(clock, 1)
    const second = ticker.stop(hook)
    runs[0]!.resolve()
    await Promise.all([first, second])
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('stopping: the hook aborts the run at once when it is out of time, before or after the call', async () => {
    for (const when of ['before', 'after']) {
      const { clock, ticker, runs, hook, controller } = machine()
      const reason = new Error(when)
      ticker.start(clock, 1)
      if (when === 'before') controller.abort(reason)
      const stopped = ticker.stop(hook)
      if (when === 'after') controller.abort(reason)
      expect(runs[0]!.run.signal.reason).toBe(reason)
      runs[0]!.reject(reason)
      await stopped
      expect(clock.getDelayedCalls()).toEqual([])
    }
  })

  it('stopping: waits also for a run of the next start', async () => {
    const { clock, ticker, runs, hook } = machine()
    ticker.start(clock, 1)
    const first = ticker.stop(hook)
    runs[0]!.resolve()
    await first
    ticker.start(clock, 1)
    const settled = vi.fn<() => void>()
    const second = Promise.resolve(ticker.stop(hook)).then(settled)
    await microtasks()
    expect(settled).not.toHaveBeenCalled()
    runs[1]!.resolve()
    await second
  })

  it('stopping: leaves no listener behind', async () => {
    const { clock, ticker, runs, hook } = machine()
    const removed = vi.spyOn(hook.signal, 'removeEventListener')
    ticker.start(clock, 1)
    const stopped = ticker.stop(hook)
    runs[0]!.resolve()
    await stopped
    expect(removed).toHaveBeenCalledOnce()
  })

  it('running: a service that fails to stop after a failure is logged', async () => {
    const { clock, owner, log, ticker, runs } = machine({ onError: 'stop' })
    const failure = new Error('cannot stop')
    owner.stopService.mockRejectedValue(failure)
    ticker.start(clock, 1)
    runs[0]!.reject(new Error('in a run'))
    await microtasks()
    expect(log.error.mock.calls.at(-1)![0]).toMatchObject({ err: failure })
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('running: a service that fails to stop is no unhandled rejection when the log throws as well', async () => {
    const unhandled = vi.fn<() => void>()
    process.on('unhandledRejection', unhandled)
    const { clock, owner, log, ticker, runs } = machine({ onError: 'stop' })
    owner.stopService.mockRejectedValue(new Error('cannot stop'))
    log.error.mockImplementation(() => {
      throw new Error('the log has ended')
    })
    ticker.start(clock, 1)
    runs[0]!.reject(new Error('in a run'))
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)
    expect(log.error).toHaveBeenCalledTimes(2)
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('moves to another clock with a start', async () => {
    const { clock, ticker, runs, hook } = machine({ now: false })
    ticker.start(clock, 1)
    void ticker.stop(hook)
    const other = new Clock()
    ticker.start(other, 2)
    expect(clock.getDelayedCalls()).toEqual([])
    other.advance(2)
    expect(runs).toHaveLength(1)
    expect(ticker.clock).toBe(other)
  })
})
