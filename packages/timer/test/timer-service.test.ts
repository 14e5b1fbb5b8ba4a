import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Duration, LogMethod } from '@sennit/interfaces'
import { channels, Clock, setGlobalReactor, type TimerRunMessage } from '@sennit/runtime'
import { DelayedCall } from '@sennit/runtime/internal'
import { Application, MultiService } from '@sennit/service'
import { type TimerRun, TimerService, type TimerServiceOptions } from '../src/index.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

interface Seen {
  readonly at: number
  readonly missed: number
  readonly scheduledAt: number
}

/** A timer on a clock, and what its runs saw. */
function recording(
  step: Duration,
  options: TimerServiceOptions = {},
  f: (run: TimerRun) => unknown = () => {},
) {
  const clock = new Clock()
  const seen: Seen[] = []
  const timer = new TimerService(
    step,
    (run) => {
      seen.push({ at: clock.seconds(), missed: run.missed, scheduledAt: run.scheduledAt })
      return f(run)
    },
    { clock, log: silent, ...options },
  )
  return { clock, seen, timer, times: () => seen.map(({ at }) => at) }
}

/** A function of which each run is ended from outside. */
function held() {
  const runs: { resolve: () => void; reject: (error: unknown) => void; run: TimerRun }[] = []
  const f = (run: TimerRun) =>
    new Promise<void>((resolve, reject) => {
      runs.push({ resolve, reject, run })
    })
  return { runs, f }
}

const microtasks = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

const pendingTimes = (clock: Clock) => clock.getDelayedCalls().map((call) => call.getTime())

describe('TimerService', () => {
  describe('starting', () => {
    it('TS-01 runs at once, inside the start, and is running then', () => {
      const { timer, times } = recording('10s', {}, () => {
        expect(timer.running).toBe(true)
      })
      expect(timer.startService()).toBeUndefined()
      expect(times()).toEqual([0])
      expect(timer.state).toBe('running')
    })

    it('runs first after one step with now: false', () => {
      const { clock, timer, times } = recording('10s', { now: false })
      void timer.startService()
      clock.advance('9s')
      expect(times()).toEqual([])
      clock.advance('1s')
      expect(times()).toEqual([10])
    })

    it("TS-02 takes its parent's clock, else the process's reactor, at the start", () => {
      const clock = new Clock()
      const times: number[] = []
      const timer = new TimerService('3s', () => times.push(clock.seconds()), { now: false })
      setGlobalReactor(clock)
      try {
        void timer.startService()
      } finally {
        setGlobalReactor(undefined)
      }
      expect(pendingTimes(clock)).toEqual([3])
      void timer.stopService()
      const parent = new MultiService({ reactor: new Clock() }, [timer])
      void parent.startService()
      expect(clock.getDelayedCalls()).toEqual([])
      expect(pendingTimes(parent.context.reactor as Clock)).toEqual([3])
    })

    it('TS-03 passes the arguments in every run, and the run after them', () => {
      const clock = new Clock()
      const calls: [string, number, TimerRun][] = []
      const timer = new TimerService('1s', (a, b, run) => calls.push([a, b, run]), { clock, args: ['a', 2] })
      void timer.startService()
      clock.advance(1)
      expect(calls).toEqual([
        ['a', 2, expect.objectContaining({ missed: 0, scheduledAt: 0 })],
        ['a', 2, expect.objectContaining({ missed: 0, scheduledAt: 1 })],
      ])
      expect(calls[0]![2]).not.toBe(calls[1]![2])
    })

    it('TS-11 TS-12 can be stopped before any start, and twice', () => {
      const { timer } = recording('1s')
      expect(timer.stopService()).toBeUndefined()
      void timer.startService()
      expect(timer.stopService()).toBeUndefined()
      expect(timer.stopService()).toBeUndefined()
      expect(timer.running).toBe(false)
    })

    it('TS-13 twice makes one loop, which a stop ends', () => {
      const { clock, timer, times } = recording('1s')
      void timer.startService()
      void timer.startService()
      clock.advance(1)
      expect(times()).toEqual([0, 1])
      void timer.stopService()
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it.each([-1, NaN, '-1s' as never, 'soon' as never, undefined as never])(
      'TS-14 the constructor refuses the step %o',
      (step) => {
        expect(() => recording(step)).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }))
      },
    )

    it('TS-19 has no work in the privileged start', () => {
      const { clock, timer, times } = recording('1s')
      expect(timer.privilegedStartService()).toBeUndefined()
      clock.advance(5)
      expect(times()).toEqual([])
      expect(clock.getDelayedCalls()).toEqual([])
    })
  })

  describe('the grid', () => {
    it('TS-04 TS-16 is kept however late a run is, and what is missed is counted', () => {
      const { clock, timer, seen } = recording(1)
      void timer.startService()
      clock.pump([1, 1.25, 0.75, 3.5, 0.5])
      expect(seen).toEqual([
        { at: 0, missed: 0, scheduledAt: 0 },
        { at: 1, missed: 0, scheduledAt: 1 },
        { at: 2.25, missed: 0, scheduledAt: 2 },
        { at: 3, missed: 0, scheduledAt: 3 },
        { at: 6.5, missed: 2, scheduledAt: 6 },
        { at: 7, missed: 0, scheduledAt: 7 },
      ])
    })

    it('LC-08 skips a point that is now when a run ends', () => {
      const clock = new Clock()
      const seen: number[][] = []
      const timer = new TimerService(
        0.5,
        ({ missed }) => {
          seen.push([clock.seconds(), missed])
          if (seen.length === 1) clock.advance(2)
        },
        { clock },
      )
      void timer.startService()
      expect(pendingTimes(clock)).toEqual([2.5])
      clock.advance(0.5)
      expect(seen).toEqual([
        [0, 0],
        [2.5, 4],
      ])
    })

    it('LC-26 counts from the start what is missed before the first run', () => {
      const { clock, timer, seen } = recording(1, { now: false })
      void timer.startService()
      clock.advance(5.5)
      expect(seen).toEqual([{ at: 5.5, missed: 4, scheduledAt: 5 }])
    })

    it('LC-28 has one run for each point where the clock adds up with rounding, and loses no point', () => {
      const { clock, timer, seen } = recording(0.1, { now: false })
      void timer.startService()
      clock.pump(Array.from({ length: 1000 }, () => 0.1))
      const points = seen.map(({ scheduledAt }) => Math.round(scheduledAt * 10))
      expect(new Set(points).size).toBe(points.length)
      const total = seen.reduce((sum, { missed }) => sum + missed + 1, 0)
      expect(total).toBe(points.at(-1))
      expect(total).toBeGreaterThanOrEqual(999)
    })

    it('TS-15 turns once in every turn of the clock for the step 0', () => {
      const { clock, timer, seen } = recording(0)
      void timer.startService()
      clock.pump([0, 5, 0])
      expect(seen.map(({ at }) => at)).toEqual([0, 0, 5, 5])
      expect(seen.every(({ missed }) => missed === 0)).toBe(true)
      void timer.stopService()
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('LC-10 turns once in every turn for a step that is too small to change the time', () => {
      const { clock, timer, times } = recording(1e-20)
      clock.advance(1)
      void timer.startService()
      clock.pump([0, 0])
      expect(times()).toEqual([1, 1, 1])
    })

    it('LC-10 turns once in every turn from when the time has grown so that the step cannot change it', () => {
      const { clock, timer, times } = recording(1e-10)
      void timer.startService()
      clock.pump([1e9, 0, 0])
      expect(times()).toEqual([0, 1e9, 1e9, 1e9])
      expect(clock.getDelayedCalls()).toHaveLength(1)
    })

    it('TS-16 never overlaps an asynchronous run, and goes on at the first point in the future', async () => {
      const { runs, f } = held()
      const { clock, timer, seen } = recording(1, {}, f)
      void timer.startService()
      clock.advance(3.5)
      expect(seen).toHaveLength(1)
      expect(clock.getDelayedCalls()).toEqual([])
      runs[0]!.resolve()
      await microtasks()
      expect(pendingTimes(clock)).toEqual([4])
      clock.advance(0.5)
      expect(seen[1]).toEqual({ at: 4, missed: 3, scheduledAt: 4 })
    })

    it('TS-18 uses a step that was set while it was stopped, and ignores one that is set while it runs', () => {
      const { clock, timer, times } = recording('1s')
      void timer.startService()
      timer.step = '5s'
      expect(timer.step).toBe(5)
      clock.advance(1)
      expect(times()).toEqual([0, 1])
      expect(pendingTimes(clock)).toEqual([2])
      void timer.stopService()
      void timer.startService()
      expect(pendingTimes(clock)).toEqual([6])
      expect(() => (timer.step = -1)).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }))
      expect(timer.step).toBe(5)
    })

    it('many timers share one delayed call', () => {
      const clock = new Clock()
      const ran: number[] = []
      const timers = Array.from(
        { length: 100 },
        (_, i) => new TimerService('1s', () => ran.push(i), { clock }),
      )
      for (const timer of timers) void timer.startService()
      expect(clock.getDelayedCalls()).toHaveLength(1)
      ran.length = 0
      clock.advance(1)
      expect(ran).toEqual(timers.map((_, i) => i))
      ran.length = 0
      const callLater = vi.spyOn(clock, 'callLater')
      const reset = vi.spyOn(DelayedCall.prototype, 'reset')
      clock.advance(1)
      expect(ran).toEqual(timers.map((_, i) => i))
      expect(callLater).toHaveBeenCalledOnce()
      expect(reset).not.toHaveBeenCalled()
      reset.mockRestore()
      for (const timer of timers) void timer.stopService()
      expect(clock.getDelayedCalls()).toEqual([])
    })
  })

  describe('stopping', () => {
    it('TS-05 TS-06 between runs is done at once, and it can be started again', () => {
      const { clock, timer, times } = recording(1)
      void timer.startService()
      clock.pump([1, 0.5])
      expect(timer.stopService()).toBeUndefined()
      expect(timer).toMatchObject({ running: false, state: 'stopped' })
      expect(clock.getDelayedCalls()).toEqual([])
      clock.advance(10)
      expect(times()).toEqual([0, 1])
      void timer.startService()
      clock.advance(1)
      expect(times()).toEqual([0, 1, 11.5, 12.5])
    })

    it('TS-07 waits for the run in progress', async () => {
      const { runs, f } = held()
      const { clock, timer, seen } = recording(1, {}, f)
      void timer.startService()
      const stopped = vi.fn<() => void>()
      const promise = Promise.resolve(timer.stopService()).then(stopped)
      await microtasks()
      expect(stopped).not.toHaveBeenCalled()
      expect(timer).toMatchObject({ running: false, state: 'stopping' })
      expect(runs[0]!.run.signal.aborted).toBe(false)
      runs[0]!.resolve()
      await promise
      expect(timer).toMatchObject({ running: false, state: 'stopped' })
      clock.advance(10)
      expect(seen).toHaveLength(1)
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it.each([
      [undefined, 5],
      ['2s', 2],
      [0, 0],
    ] as const)('aborts the run only after the grace %o', async (stopGrace, seconds) => {
      const { runs, f } = held()
      const { clock, timer } = recording(1, { stopGrace }, f)
      void timer.startService()
      const promise = timer.stopService()
      const { signal } = runs[0]!.run
      if (seconds > 0) clock.advance(seconds - 0.5)
      expect(signal.aborted).toBe(false)
      clock.advance(seconds > 0 ? 0.5 : 0)
      expect(signal.reason).toMatchObject({ code: 'ABORT_ERR' })
      runs[0]!.reject(signal.reason)
      await promise
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('aborts the run never with the grace Infinity', async () => {
      const { runs, f } = held()
      const { clock, timer } = recording(1, { stopGrace: Infinity }, f)
      void timer.startService()
      const promise = timer.stopService()
      clock.advance('24h')
      expect(runs[0]!.run.signal.aborted).toBe(false)
      runs[0]!.resolve()
      await promise
    })

    it('aborts the run at the deadline of the stop, when that is before the end of the grace', async () => {
      const { runs, f } = held()
      const { clock, timer } = recording(1, { stopTimeout: '1s' }, f)
      void timer.startService()
      const promise = timer.stopService() as Promise<void>
      const { signal } = runs[0]!.run
      clock.advance(1)
      await expect(promise).rejects.toMatchObject({ code: 'ERR_SENNIT_STOP_TIMEOUT' })
      expect(signal.aborted).toBe(true)
    })

    it('counts a rejection with the reason of the abort as a success', async () => {
      const error = vi.fn<LogMethod>()
      const { runs, f } = held()
      const { clock, timer } = recording(1, { stopGrace: '1s', log: { ...silent, error } }, f)
      void timer.startService()
      const promise = timer.stopService()
      clock.advance(1)
      runs[0]!.reject(runs[0]!.run.signal.reason)
      await promise
      expect(error).not.toHaveBeenCalled()
      expect(timer.describe().facts).toMatchObject({ errors: 0 })
    })

    it.each(['continue', 'stop', 'fail'] as const)(
      'TS-10 logs a failure that comes while stopping, and succeeds: %s',
      async (onError) => {
        const error = vi.fn<LogMethod>()
        const { runs, f } = held()
        const { timer } = recording(1, { onError, log: { ...silent, error } }, f)
        void timer.startService()
        const promise = timer.stopService()
        const failure = new Error('while stopping')
        runs[0]!.reject(failure)
        await promise
        expect(timer).toMatchObject({ state: 'stopped', lastError: undefined })
        expect(error.mock.calls).toEqual([
          [{ err: failure, service: 'TimerService' }, expect.stringContaining('being stopped')],
        ])
      },
    )

    it('LC-18 inside a run waits for that run', async () => {
      const order: string[] = []
      const { clock, timer } = recording(1, { now: false }, () => {
        void Promise.resolve(timer.stopService()).then(() => order.push('stopped'))
        order.push('run')
      })
      void timer.startService()
      clock.advance(1)
      await microtasks()
      expect(order).toEqual(['run', 'stopped'])
      expect(timer.state).toBe('stopped')
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('is what a stop of the tree does, in an application', async () => {
      const { runs, f } = held()
      const { clock, timer } = recording(1, { name: 'poll' }, f)
      const app = new Application('app', { reactor: clock }, [timer])
      await app.startService()
      const promise = app.stopService()
      runs[0]!.resolve()
      await promise
      expect(timer.state).toBe('stopped')
      expect(timer.path).toBe('app/poll')
    })
  })

  describe('a run that fails', () => {
    const failure = new Error('in a run')
    const kinds = [
      [
        'throws',
        () => {
          throw failure
        },
      ],
      ['rejects', () => Promise.reject(failure)],
    ] as const

    it.each(kinds)('TS-08 TS-09 %s, is logged once, and the timer goes on', async (_, f) => {
      const error = vi.fn<LogMethod>()
      const { clock, timer, times } = recording(1, { name: 'poll', log: { ...silent, error } }, f)
      void timer.startService()
      await microtasks()
      expect(error.mock.calls).toEqual([[{ err: failure, service: 'poll' }, expect.any(String)]])
      clock.advance(1)
      await microtasks()
      expect(times()).toEqual([0, 1])
      expect(timer).toMatchObject({ running: true, state: 'running' })
      expect(timer.describe().facts).toMatchObject({ runs: 2, errors: 2 })
    })

    it.each(kinds)("TS-08 TS-09 %s, is logged, and stops the service with onError: 'stop'", async (_, f) => {
      const error = vi.fn<LogMethod>()
      const { clock, timer, times } = recording(
        1,
        { now: false, onError: 'stop', log: { ...silent, error } },
        f,
      )
      void timer.startService()
      clock.advance(1)
      await microtasks()
      expect(error).toHaveBeenCalledOnce()
      expect(timer).toMatchObject({ running: false, state: 'stopped' })
      expect(clock.getDelayedCalls()).toEqual([])
      expect(timer.stopService()).toBeUndefined()
      void timer.startService()
      clock.advance(1)
      expect(times()).toEqual([1, 2])
    })

    const ended = () => {
      throw new Error('the log has ended')
    }
    const brokenLog = { debug: ended, info: ended, warn: ended, error: ended }

    it.each(kinds)(
      'TS-08 %s, and the log throws as well: the timer and its neighbours go on',
      async (_, f) => {
        const unhandled = vi.fn<() => void>()
        process.on('unhandledRejection', unhandled)
        const { clock, timer, seen } = recording(1, { log: brokenLog }, f)
        const neighbour: number[] = []
        const other = new TimerService(1, () => neighbour.push(clock.seconds()), { clock })
        void timer.startService()
        void other.startService()
        for (let second = 1; second <= 3; second++) {
          await microtasks()
          clock.advance(1)
        }
        await new Promise((resolve) => setImmediate(resolve))
        process.off('unhandledRejection', unhandled)
        expect(seen.map(({ at, missed }) => [at, missed])).toEqual([0, 1, 2, 3].map((at) => [at, 0]))
        expect(neighbour).toEqual([0, 1, 2, 3])
        expect(unhandled).not.toHaveBeenCalled()
        expect(timer.state).toBe('running')
      },
    )

    it.each(kinds)("TS-09 %s, and the log throws as well: onError: 'stop' holds", async (_, f) => {
      const { clock, timer } = recording(1, { onError: 'stop', log: brokenLog }, f)
      void timer.startService()
      await microtasks()
      expect(timer).toMatchObject({ running: false, state: 'stopped' })
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it("inside the start lets the start succeed and stops the service after it with onError: 'stop'", async () => {
      const { clock, timer } = recording(1, { onError: 'stop' }, kinds[0][1])
      expect(timer.startService()).toBeUndefined()
      await microtasks()
      expect(timer).toMatchObject({ running: false, state: 'stopped' })
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it("inside the start does not stop one that was started anew meanwhile with onError: 'stop'", async () => {
      let runs = 0
      const { timer } = recording(1, { onError: 'stop' }, () => {
        if (++runs === 1) throw failure
      })
      void timer.startService()
      void timer.stopService()
      void timer.startService()
      await microtasks()
      expect(timer.state).toBe('running')
    })

    it.each(kinds)(
      "TS-09 %s, is a failure of the service with onError: 'fail', and its parent is told",
      async (_, f) => {
        const { clock, timer } = recording(1, { now: false, onError: 'fail' }, f)
        const told = vi.fn<(error: Error) => void>()
        const parent = new MultiService({ onFailure: told, log: silent }, [timer])
        await parent.startService()
        clock.advance(1)
        await microtasks()
        expect(told.mock.calls[0]![0]).toBe(failure)
        expect(timer).toMatchObject({ running: false, state: 'failed', lastError: failure })
        expect(clock.getDelayedCalls()).toEqual([])
      },
    )

    it("inside the start makes the start fail with onError: 'fail'", async () => {
      const { clock, timer } = recording(1, { onError: 'fail' }, kinds[0][1])
      await expect(Promise.resolve(timer.startService())).rejects.toMatchObject({
        message: expect.stringContaining(failure.message),
      })
      expect(timer.running).toBe(false)
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('with something that is no error is logged as an error', async () => {
      const error = vi.fn<LogMethod>()
      const { timer } = recording(1, { log: { ...silent, error } }, () => Promise.reject('text'))
      void timer.startService()
      await microtasks()
      expect(error.mock.calls[0]![0]).toMatchObject({ err: { cause: 'text' } })
    })
  })

  describe('trigger', () => {
    it('runs at once beside the grid, and settles with the run', async () => {
      const { clock, timer, seen } = recording(10)
      void timer.startService()
      clock.advance(4)
      await timer.trigger()
      expect(seen[1]).toEqual({ at: 4, missed: 0, scheduledAt: 4 })
      clock.advance(6)
      expect(seen[2]).toEqual({ at: 10, missed: 0, scheduledAt: 10 })
      expect(seen).toHaveLength(3)
    })

    it('rejects with what the run threw, which onError sees as well', async () => {
      const failure = new Error('triggered')
      const { clock, timer } = recording(10, { now: false }, () => {
        throw failure
      })
      void timer.startService()
      await expect(timer.trigger()).rejects.toBe(failure)
      expect(timer.describe().facts).toMatchObject({ errors: 1 })
      expect(pendingTimes(clock)).toEqual([10])
    })

    it('during a run gives one more after it, for all who asked', async () => {
      const { runs, f } = held()
      const { clock, timer, seen } = recording(10, {}, f)
      void timer.startService()
      clock.advance(1)
      const both = [timer.trigger(), timer.trigger()]
      expect(seen).toHaveLength(1)
      runs[0]!.resolve()
      await microtasks()
      expect(seen).toHaveLength(1)
      clock.advance(0)
      expect(seen[1]).toEqual({ at: 1, missed: 0, scheduledAt: 1 })
      runs[1]!.resolve()
      await Promise.all(both)
      expect(seen).toHaveLength(2)
      expect(pendingTimes(clock)).toEqual([10])
    })

    it('before the one more run has its own, and the one more waits for it', async () => {
      const { runs, f } = held()
      const { clock, timer, seen } = recording(10, {}, f)
      void timer.startService()
      const order: string[] = []
      void timer.trigger().then(() => order.push('one more'))
      runs[0]!.resolve()
      await microtasks()
      void timer.trigger().then(() => order.push('its own'))
      expect(seen).toHaveLength(2)
      clock.advance(0)
      expect(seen).toHaveLength(2)
      runs[1]!.resolve()
      await microtasks()
      clock.advance(0)
      expect(seen).toHaveLength(3)
      runs[2]!.resolve()
      await microtasks()
      expect(order).toEqual(['its own', 'one more'])
      expect(pendingTimes(clock)).toEqual([10])
    })

    it('during a run needs no second call for the step 0', async () => {
      const { runs, f } = held()
      const { clock, timer } = recording(0, {}, f)
      void timer.startService()
      void timer.trigger()
      runs[0]!.resolve()
      await microtasks()
      expect(clock.getDelayedCalls()).toHaveLength(1)
    })

    it('inside a run does not keep the turn from ending', () => {
      const { clock, timer, times } = recording(10, {}, () => {
        if (times().length < 5) void timer.trigger()
      })
      void timer.startService()
      expect(times()).toHaveLength(1)
      clock.pump([0, 0, 0, 0, 0, 0])
      expect(times()).toHaveLength(5)
      expect(pendingTimes(clock)).toEqual([10])
    })

    it('counts as missed what passes during a run that was triggered', async () => {
      const { runs, f } = held()
      const { clock, timer, seen } = recording(1, { now: false }, f)
      void timer.startService()
      void timer.trigger()
      clock.advance(2.5)
      runs[0]!.resolve()
      await microtasks()
      clock.advance(0.5)
      expect(seen[1]).toEqual({ at: 3, missed: 2, scheduledAt: 3 })
    })

    it('rejects when the service is not running, and is no unhandled rejection', async () => {
      const { timer, times } = recording(1)
      await expect(timer.trigger()).rejects.toMatchObject({ code: 'ERR_SENNIT_NOT_RUNNING' })
      expect(times()).toEqual([])
    })

    it('rejects when the service is stopped before the one more run', async () => {
      const { runs, f } = held()
      const { clock, timer, seen } = recording(1, {}, f)
      void timer.startService()
      const promise = timer.trigger()
      const stopped = timer.stopService()
      await expect(promise).rejects.toMatchObject({ code: 'ABORT_ERR' })
      runs[0]!.resolve()
      await stopped
      clock.advance(5)
      expect(seen).toHaveLength(1)
    })

    it('runs a timer that has no grid: the step Infinity', async () => {
      const { clock, timer, times } = recording(Infinity, { now: false })
      void timer.startService()
      clock.advance('24h')
      await timer.trigger()
      expect(times()).toEqual([86400])
    })
  })

  describe('pause', () => {
    it('has no runs until resume, which goes on at the next point and counts nothing as missed', () => {
      const { clock, timer, seen } = recording(1)
      void timer.startService()
      clock.advance(1)
      timer.pause()
      timer.pause()
      expect(timer.paused).toBe(true)
      expect(clock.getDelayedCalls()).toEqual([])
      clock.advance(3.5)
      timer.resume()
      expect(timer.paused).toBe(false)
      expect(seen).toHaveLength(2)
      clock.advance(0.5)
      expect(seen[2]).toEqual({ at: 5, missed: 0, scheduledAt: 5 })
      expect(timer.describe().facts).toMatchObject({ missed: 0 })
    })

    it('lets a run in progress go on, and a trigger run', async () => {
      const { runs, f } = held()
      const { clock, timer, seen } = recording(1, {}, f)
      void timer.startService()
      timer.pause()
      runs[0]!.resolve()
      await microtasks()
      expect(clock.getDelayedCalls()).toEqual([])
      const promise = timer.trigger()
      expect(seen).toHaveLength(2)
      runs[1]!.resolve()
      await promise
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('keeps a trigger that waits for the run in progress', async () => {
      const { runs, f } = held()
      const { clock, timer, seen } = recording(1, {}, f)
      void timer.startService()
      const promise = timer.trigger()
      runs[0]!.resolve()
      await microtasks()
      timer.pause()
      clock.advance(0)
      expect(seen).toHaveLength(2)
      runs[1]!.resolve()
      await promise
    })

    it('before the start keeps also the first run away, and outlasts a stop', () => {
      const { clock, timer, times } = recording(1)
      timer.pause()
      void timer.startService()
      void timer.stopService()
      void timer.startService()
      clock.advance(1.5)
      expect(times()).toEqual([])
      timer.resume()
      clock.advance(0.5)
      expect(times()).toEqual([2])
    })

    it('holds for the step 0 as well', () => {
      const { clock, timer, times } = recording(0, { now: false })
      void timer.startService()
      timer.pause()
      clock.pump([0, 0])
      expect(times()).toEqual([])
      timer.resume()
      clock.pump([0, 0])
      expect(times()).toHaveLength(2)
    })

    it('resume without a pause does nothing', () => {
      const { clock, timer } = recording(1)
      timer.resume()
      expect(clock.getDelayedCalls()).toEqual([])
      void timer.startService()
      clock.advance(0.5)
      timer.resume()
      expect(pendingTimes(clock)).toEqual([1])
    })

    it('resume without a pause does not hide what was missed', async () => {
      const { runs, f } = held()
      const { clock, timer, seen } = recording(1, {}, f)
      void timer.startService()
      clock.advance(2.5)
      timer.resume()
      runs[0]!.resolve()
      await microtasks()
      clock.advance(0.5)
      expect(seen[1]).toMatchObject({ at: 3, missed: 2 })
    })

    it('resume when stopped starts nothing', () => {
      const { clock, timer } = recording(1)
      timer.pause()
      timer.resume()
      expect(clock.getDelayedCalls()).toEqual([])
    })
  })

  describe("align: 'epoch'", () => {
    /** An aligned timer whose wall stands at `offset` when its clock stands at 0. */
    function aligned(step: number, offset: number, options: TimerServiceOptions = {}, f?: () => unknown) {
      const wall = { offset, now: () => made.clock.seconds() + wall.offset }
      const made = recording(step, { now: false, align: 'epoch', wallClock: wall, ...options }, f)
      return { ...made, wall, wallTimes: () => made.times().map((time) => time + offset) }
    }

    it('runs where the time of day is a multiple of the step', () => {
      const { clock, timer, seen, wallTimes } = aligned(3600, 36_000 + 1234)
      void timer.startService()
      clock.pump([3600 - 1234, 3600, 3600])
      expect(wallTimes()).toEqual([39_600, 43_200, 46_800])
      expect(seen.map(({ missed }) => missed)).toEqual([0, 0, 0])
      expect(seen[0]!.scheduledAt).toBe(3600 - 1234)
    })

    it('has a first run at once with now: true, and then the grid', () => {
      const { clock, timer, times } = aligned(10, 1003, { now: true })
      void timer.startService()
      clock.advance(7)
      expect(times()).toEqual([0, 7])
    })

    it('counts what is missed', () => {
      const { clock, timer, seen } = aligned(10, 1003)
      void timer.startService()
      clock.advance(28)
      expect(seen).toEqual([{ at: 28, missed: 2, scheduledAt: 27 }])
      expect(pendingTimes(clock)).toEqual([37])
    })

    it('waits on when the time of day was set back meanwhile', () => {
      const { clock, timer, wall, times } = aligned(100, 1050)
      void timer.startService()
      wall.offset -= 20
      clock.advance(50)
      expect(times()).toEqual([])
      clock.advance(20)
      expect(times()).toEqual([70])
    })

    it('has no second run for a point that it comes to again, a little', () => {
      const { clock, timer, wall, times } = aligned(100, 1050, {}, () => {
        if (times().length === 1) wall.offset -= 10
      })
      void timer.startService()
      clock.advance(50)
      expect(times()).toEqual([50])
      expect(pendingTimes(clock)).toEqual([160])
    })

    it('begins anew when the time of day was set back by much', () => {
      const { clock, timer, wall, times, seen } = aligned(100, 100_050, {}, () => {
        if (times().length === 1) wall.offset -= 10_000
      })
      void timer.startService()
      clock.advance(50)
      expect(pendingTimes(clock)).toEqual([150])
      clock.advance(100)
      expect(seen[1]).toMatchObject({ at: 150, missed: 0 })
    })

    it('counts as missed what was jumped over when the time of day was set forward', () => {
      const { clock, timer, wall, seen } = aligned(100, 1050)
      void timer.startService()
      wall.offset += 250
      clock.advance(50)
      expect(seen).toEqual([{ at: 50, missed: 2, scheduledAt: 0 }])
    })

    it('runs once for a point to which the clock comes a hair too early', () => {
      const { clock, timer, wall, times } = aligned(100, 1050)
      void timer.startService()
      wall.offset -= 0.001
      clock.advance(50)
      expect(times()).toEqual([50])
      expect(pendingTimes(clock)[0]).toBeCloseTo(150.001, 9)
    })

    it('goes on after a pause at the next point, and counts nothing as missed', () => {
      const { clock, timer, wall, seen } = aligned(100, 1050)
      void timer.startService()
      timer.pause()
      clock.advance(260)
      wall.offset += 1000
      timer.resume()
      clock.advance(90)
      expect(seen).toEqual([{ at: 350, missed: 0, scheduledAt: 350 }])
    })

    it('looks at the time of day again when it is triggered', async () => {
      const { clock, timer, wall } = aligned(100, 1050)
      const other = new TimerService(30, () => {}, { clock, now: false })
      void other.startService()
      void timer.startService()
      wall.offset += 40
      await timer.trigger()
      expect(pendingTimes(clock)).toEqual([10])
    })

    it('takes the time of day from the reactor when that has one, and from nowhere else', () => {
      const reactor = Object.assign(new Clock(), { now: () => reactor.seconds() + 1003 })
      const times: number[] = []
      const run = () => void times.push(reactor.now())
      const timer = new TimerService(10, run, { reactor, log: silent, now: false, align: 'epoch' })
      void timer.startService()
      expect(timer.describe()).toMatchObject({ since: 1003, facts: { nextRun: 1010 } })
      reactor.pump([7, 10])
      expect(times).toEqual([1010, 1020])
      expect(timer.describe().facts).toMatchObject({ lastRun: 1020, nextRun: 1030 })
    })

    it.each([0, Infinity])('refuses the step %d', (step) => {
      const expected = expect.objectContaining({ code: 'ERR_SENNIT_TIMER_OPTION', option: 'step' })
      expect(() => recording(step, { align: 'epoch' })).toThrow(expected)
      const { timer } = aligned(1, 0)
      expect(() => (timer.step = step)).toThrow(expected)
    })
  })

  describe('the description', () => {
    it('tells the step, the counts, the last and the next run, and how long a run took', async () => {
      const { runs, f } = held()
      const wallClock = { now: () => 1_000_000 + clock.seconds() }
      const { clock, timer } = recording(2, { name: 'poll', wallClock }, f)
      expect(timer.describe()).toMatchObject({
        kind: 'TimerService',
        name: 'poll',
        state: 'idle',
        facts: {
          step: 2,
          runs: 0,
          missed: 0,
          errors: 0,
          paused: false,
          lastRun: null,
          runTime: null,
          nextRun: null,
          inProgressFor: null,
        },
      })
      void timer.startService()
      clock.advance(5)
      expect(timer.describe().facts).toMatchObject({
        runs: 1,
        lastRun: 1_000_000,
        nextRun: null,
        inProgressFor: 5,
      })
      runs[0]!.resolve()
      await microtasks()
      expect(timer.describe().facts).toMatchObject({ runTime: 5, nextRun: 1_000_006, inProgressFor: null })
      clock.advance(1)
      expect(timer.describe().facts).toMatchObject({ runs: 2, missed: 2, lastRun: 1_000_006 })
    })

    it('tells the next run of the step 0', () => {
      const { timer } = recording(0, { wallClock: { now: () => 50 } })
      void timer.startService()
      expect(timer.describe().facts).toMatchObject({ nextRun: 50 })
    })

    it('can be written as JSON', () => {
      const { timer } = recording(Infinity)
      void timer.startService()
      expect(JSON.parse(JSON.stringify(timer.describe()))).toMatchObject({ facts: { runs: 1, step: null } })
    })
  })

  it('TS-17 has no loop in its JSON form', () => {
    const { timer } = recording(1, { name: 'poll' })
    void timer.startService()
    expect(JSON.parse(JSON.stringify(timer))).toEqual({ name: 'poll' })
  })

  it('keeps the process alive, unless unref', () => {
    for (const [unref, step] of [
      [undefined, 1],
      [true, 1],
      [undefined, 0],
      [true, 0],
    ] as const) {
      const { clock, timer } = recording(step, { unref })
      void timer.startService()
      for (let tick = 0; tick < 3; tick++) {
        expect(clock.getDelayedCalls().map((call) => call.keepsAlive)).toEqual([unref !== true])
        clock.advance(step)
      }
    }
  })

  it('calls the function without a this', () => {
    let seen: unknown = 'nothing'
    const timer = new TimerService(
      1,
      function (this: unknown) {
        seen = this
      },
      { clock: new Clock() },
    )
    void timer.startService()
    expect(seen).toBeUndefined()
  })

  it('is stopped by await using', async () => {
    const { clock, timer } = recording(1)
    {
      await using running = timer
      void running.startService()
      expect(clock.getDelayedCalls()).toHaveLength(1)
    }
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('has its own settings, whatever the one made before it has', async () => {
    const clock = new Clock()
    const wallClock = { now: () => 1000 }
    const options = {
      clock,
      wallClock,
      log: silent,
      now: false,
      onError: 'continue',
      align: 'start',
    } as const
    const fails = () => {
      throw new Error('in a run')
    }
    const stops = new TimerService(3, fails, { ...options, onError: 'stop' })
    const continues = new TimerService(3, fails, options)
    const aligned = new TimerService(3, fails, { ...options, align: 'epoch' })
    const atStart = new TimerService(3, fails, options)
    for (const timer of [stops, continues]) void timer.startService()
    clock.advance(3)
    await microtasks()
    expect([stops.running, continues.running]).toEqual([false, true])
    void continues.stopService()
    void aligned.startService()
    expect(pendingTimes(clock)).toEqual([5])
    void aligned.stopService()
    void atStart.startService()
    expect(pendingTimes(clock)).toEqual([6])
  })

  it.each([
    [{ onError: 'ignore' as never }, 'ERR_SENNIT_TIMER_OPTION'],
    [{ align: 'hour' as never }, 'ERR_SENNIT_TIMER_OPTION'],
    [{ stopGrace: -1 }, 'ERR_SENNIT_DURATION'],
  ])('refuses %o', (options: TimerServiceOptions, code) => {
    expect(() => recording(1, options)).toThrow(expect.objectContaining({ code }))
  })

  it('refuses something that is no function', () => {
    expect(() => new TimerService(1, 'f' as never)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_TIMER_OPTION', option: 'f' }),
    )
  })
})

describe('TimerService: the news of its runs', () => {
  const { timerRun } = channels
  let told: TimerRunMessage[]
  const onRun = (message: TimerRunMessage): void => void told.push(message)
  beforeEach(() => {
    told = []
  })
  afterEach(() => {
    timerRun.unsubscribe(onRun)
  })

  it('tells each run when it is over: when it was due, how late it was, how long it took, what it missed', async () => {
    timerRun.subscribe(onRun)
    const { runs, f } = held()
    const { clock, timer } = recording(1, { name: 'flush' }, f)
    void timer.startService()
    expect(told).toEqual([])
    clock.advance(2.5)
    runs[0]!.resolve()
    await microtasks()
    expect(told).toEqual([
      { service: timer, path: 'flush', scheduledAt: 0, late: 0, took: 2.5, missed: 0, error: undefined },
    ])
    clock.advance(0.75)
    const error = new Error('no disk')
    runs[1]!.reject(error)
    await microtasks()
    expect(told[1]).toMatchObject({ scheduledAt: 3, late: 0.25, took: 0, missed: 2, error })
    await timer.stopService()
  })

  it('is told to nobody who does not listen', () => {
    const { clock, timer } = recording(1)
    void timer.startService()
    clock.advance(1)
    expect(told).toEqual([])
    void timer.stopService()
  })
})
