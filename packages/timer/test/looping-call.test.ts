import { describe, expect, it, vi } from 'vitest'
import { Clock, setGlobalReactor } from '@sennit/runtime'
import { LoopingCall } from '../src/index.ts'

/** A loop on a clock, and when it ran. */
function recording(f: () => unknown = () => {}) {
  const clock = new Clock()
  const times: number[] = []
  const loop = new LoopingCall(
    () => {
      times.push(clock.seconds())
      return f()
    },
    { clock },
  )
  return { clock, times, loop }
}

/** A promise that is settled from outside. */
function deferred() {
  let resolve!: () => void
  let reject!: (error: Error) => void
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}

const microtasks = async () => {
  for (let i = 0; i < 10; i++) await Promise.resolve()
}

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true
  const settled = () => {
    pending = false
  }
  promise.then(settled, settled)
  await microtasks()
  return pending
}

const pendingTimes = (clock: Clock) => clock.getDelayedCalls().map((call) => call.getTime())

describe('LoopingCall', () => {
  describe('start', () => {
    it('LC-01 LC-16 yields the loop when it is stopped, and a new promise each time', async () => {
      const { clock, loop } = recording()
      const first = loop.start(1)
      clock.advance(1)
      expect(await isPending(first)).toBe(true)
      loop.stop()
      expect(clock.getDelayedCalls()).toEqual([])
      expect(await first).toBe(loop)
      const second = loop.start(1)
      expect(second).not.toBe(first)
      loop.stop()
      expect(await second).toBe(loop)
    })

    it('LC-02 runs the function at once, or one interval later', () => {
      const { clock, times, loop } = recording()
      void loop.start(2)
      expect(times).toEqual([0])
      loop.stop()
      void loop.start(2, { now: false })
      expect(times).toEqual([0])
      clock.advance(1)
      expect(times).toEqual([0])
      clock.advance(1)
      expect(times).toEqual([0, 2])
    })

    it('LC-03 calls the function with its arguments each time', () => {
      const clock = new Clock()
      const f = vi.fn<(a: string, b: number) => void>()
      void new LoopingCall(f, { args: ['a', 2], clock }).start('1s')
      clock.advance(1)
      expect(f.mock.calls).toEqual([
        ['a', 2],
        ['a', 2],
      ])
    })

    it("LC-04 runs on the process's reactor when it has no clock of its own", () => {
      const clock = new Clock()
      const loop = new LoopingCall(() => {})
      expect(loop.clock).toBeUndefined()
      setGlobalReactor(clock)
      try {
        void loop.start(3)
        expect(pendingTimes(clock)).toEqual([3])
      } finally {
        setGlobalReactor(undefined)
      }
      loop.stop()
      const other = new Clock()
      loop.clock = other
      void loop.start(4)
      expect(pendingTimes(other)).toEqual([4])
    })

    it.each([-1, NaN, 'soon' as never])('LC-05 refuses the interval %o, and does not run', (interval) => {
      const { clock, times, loop } = recording()
      expect(() => void loop.start(interval)).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }),
      )
      expect(loop.running).toBe(false)
      expect(times).toEqual([])
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('LC-06 throws while running, and so do stop and reset while not running', () => {
      const { times, loop } = recording()
      for (const method of ['stop', 'reset'] as const)
        expect(() => loop[method]()).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_NOT_RUNNING' }))
      void loop.start(1)
      expect(() => void loop.start(1)).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_ALREADY_RUNNING' }),
      )
      expect(times).toEqual([0])
      expect(loop.running).toBe(true)
    })
  })

  describe('the grid', () => {
    it('LC-07 is kept however late a run is', () => {
      const { clock, times, loop } = recording()
      void loop.start(1)
      clock.pump([1.25, 0.75, 1.5, 0.25, 0.25])
      expect(times).toEqual([0, 1.25, 2, 3.5, 4])
    })

    it('LC-08 skips the points that were missed, and one that is now', () => {
      const clock = new Clock()
      const durations = [2, 1, 0]
      const times: number[] = []
      const loop = new LoopingCall(
        () => {
          times.push(clock.seconds())
          clock.advance(durations[times.length - 1] ?? 0)
        },
        { clock },
      )
      void loop.start(0.5)
      expect(pendingTimes(clock)).toEqual([2.5])
      clock.advance(0.5)
      expect(times).toEqual([0, 2.5])
      expect(pendingTimes(clock)).toEqual([4])
    })

    it('LC-09 runs once after a jump, and next at the next point', () => {
      const { clock, times, loop } = recording()
      void loop.start(1)
      clock.advance(3.25)
      expect(times).toEqual([0, 3.25])
      expect(pendingTimes(clock)).toEqual([4])
    })

    it('LC-10 has no second run at the same point where rounding leaves a rest', () => {
      const { clock, times, loop } = recording()
      void loop.start(0.1)
      clock.advance(0.9)
      expect(times).toEqual([0, 0.9])
      expect(pendingTimes(clock)).toEqual([1])
    })

    it('LC-11 LC-20 runs once in every turn of the clock for the interval 0', () => {
      const { clock, times, loop } = recording(() => {
        if (times.length === 6) loop.stop()
      })
      void loop.start(0)
      expect(times).toHaveLength(1)
      clock.advance(5)
      expect(times).toEqual([0, 5])
      clock.pump([0, 0, 0, 0, 0, 0])
      expect(times).toHaveLength(6)
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('LC-12 LC-13 waits for what the function returns, and then keeps the grid', async () => {
      const runs: ReturnType<typeof deferred>[] = []
      const { clock, times, loop } = recording(() => {
        runs.push(deferred())
        return runs.at(-1)!.promise
      })
      void loop.start(1)
      clock.advance(2.5)
      expect(times).toEqual([0])
      runs[0]!.resolve()
      await microtasks()
      expect(pendingTimes(clock)).toEqual([3])
      clock.advance(0.5)
      expect(times).toEqual([0, 3])
    })

    it.each([false, NaN, new Error('returned'), { value: 1 }])(
      'LC-13 ignores that the function returns %o',
      (value) => {
        const { clock, times, loop } = recording(() => value)
        void loop.start(1)
        clock.advance(1)
        expect(times).toEqual([0, 1])
      },
    )

    it('LC-30 uses an interval that was changed between runs', () => {
      const { clock, times, loop } = recording()
      void loop.start('4s')
      loop.interval = '500ms'
      expect(loop.interval).toBe(0.5)
      clock.advance(4)
      expect(pendingTimes(clock)).toEqual([4.5])
      expect(times).toEqual([0, 4])
      expect(() => (loop.interval = -1)).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }))
      expect(loop.interval).toBe(0.5)
    })
  })

  describe('a failure', () => {
    it('LC-01 LC-14 LC-15 of a run ends the loop, which can be started again', async () => {
      const failure = new Error('in the function')
      const { clock, times, loop } = recording(() => {
        if (times.length === 2) throw failure
      })
      const promise = loop.start(1)
      clock.advance(1)
      expect(loop.running).toBe(false)
      expect(clock.getDelayedCalls()).toEqual([])
      await expect(promise).rejects.toBe(failure)
      const again = loop.start(1)
      expect(loop.running).toBe(true)
      clock.advance(1)
      expect(times).toEqual([0, 1, 1, 2])
      loop.stop()
      expect(await again).toBe(loop)
    })

    it('LC-14 of a promise ends the loop', async () => {
      const failure = new Error('later')
      const { clock, loop } = recording(() => Promise.reject(failure))
      const promise = loop.start(1)
      expect(loop.running).toBe(true)
      await microtasks()
      expect(loop.running).toBe(false)
      expect(clock.getDelayedCalls()).toEqual([])
      await expect(promise).rejects.toBe(failure)
    })

    it('LC-14 DF-04 is no unhandled rejection when nobody waits', async () => {
      const unhandled = vi.fn<() => void>()
      process.on('unhandledRejection', unhandled)
      const { loop } = recording(() => {
        throw new Error('nobody waits')
      })
      void loop.start(1)
      await new Promise((resolve) => setImmediate(resolve))
      process.off('unhandledRejection', unhandled)
      expect(unhandled).not.toHaveBeenCalled()
      expect(loop.running).toBe(false)
    })
  })

  describe('stop', () => {
    it.each([1, 0])(
      'LC-17 straight after a start with now: false prevents any run, interval %d',
      async (interval) => {
        const { clock, times, loop } = recording()
        const promise = loop.start(interval, { now: false })
        loop.stop()
        expect(clock.getDelayedCalls()).toEqual([])
        clock.pump([1, 1])
        expect(times).toEqual([])
        expect(await promise).toBe(loop)
      },
    )

    it('DF-01 settles the promise in the turn of the stop, before any timer and any later turn', async () => {
      const { loop } = recording()
      const order: string[] = []
      void loop.start(1).then(() => order.push('stopped'))
      const later = new Promise((resolve) => setImmediate(resolve)).then(() => order.push('later'))
      loop.stop()
      await later
      expect(order).toEqual(['stopped', 'later'])
    })

    it('LC-18 during a run ends the loop at once, and the promise when the run has finished', async () => {
      const run = deferred()
      const { clock, times, loop } = recording(() => run.promise)
      const promise = loop.start(1)
      loop.stop()
      expect(loop.running).toBe(false)
      expect(await isPending(promise)).toBe(true)
      run.resolve()
      expect(await promise).toBe(loop)
      clock.advance(5)
      expect(times).toEqual([0])
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('LC-19 inside a run that then throws rejects with the error', async () => {
      const failure = new Error('after stop')
      const { loop } = recording(() => {
        loop.stop()
        throw failure
      })
      await expect(loop.start(1)).rejects.toBe(failure)
    })

    it('LC-36 and start while an old run is pending: the old one disturbs nothing when it settles', async () => {
      const runs: ReturnType<typeof deferred>[] = []
      const { clock, times, loop } = recording(() => {
        runs.push(deferred())
        return runs.at(-1)!.promise
      })
      const first = loop.start(1)
      loop.stop()
      const second = loop.start(1)
      expect(times).toEqual([0, 0])
      runs[0]!.resolve()
      expect(await first).toBe(loop)
      expect(clock.getDelayedCalls()).toEqual([])
      expect(loop.running).toBe(true)
      runs[1]!.resolve()
      await microtasks()
      expect(pendingTimes(clock)).toEqual([1])
      expect(await isPending(second)).toBe(true)
    })

    it('LC-36 and start while an old run is pending: its failure rejects only its own promise', async () => {
      const runs: ReturnType<typeof deferred>[] = []
      const { loop } = recording(() => {
        runs.push(deferred())
        return runs.at(-1)!.promise
      })
      const first = loop.start(1)
      loop.stop()
      const second = loop.start(1)
      runs[0]!.reject(new Error('the old run'))
      await expect(first).rejects.toThrow('the old run')
      expect(loop.running).toBe(true)
      expect(await isPending(second)).toBe(true)
    })

    it('LC-36 and start inside a run make a new loop, and one only', () => {
      const { clock, times, loop } = recording(() => {
        if (times.length !== 2) return
        loop.stop()
        void loop.start(2, { now: false })
      })
      void loop.start(1)
      clock.advance(1)
      expect(pendingTimes(clock)).toEqual([3])
      expect(loop.starttime).toBe(1)
    })
  })

  describe('reset', () => {
    it('LC-21 LC-23 skips the next run: the grid begins now', async () => {
      const { clock, times, loop } = recording()
      const promise = loop.start(1)
      clock.advance(0.75)
      loop.reset()
      expect(loop.starttime).toBe(0.75)
      clock.advance(0.5)
      expect(times).toEqual([0])
      clock.advance(0.5)
      expect(times).toEqual([0, 1.75])
      expect(clock.getDelayedCalls()).toHaveLength(1)
      expect(await isPending(promise)).toBe(true)
    })

    it('LC-22 during a run does nothing', async () => {
      const run = deferred()
      const { clock, loop } = recording(() => run.promise)
      void loop.start(1)
      clock.advance(0.75)
      loop.reset()
      expect(loop.starttime).toBe(0)
      expect(clock.getDelayedCalls()).toEqual([])
      run.resolve()
      await microtasks()
      expect(pendingTimes(clock)).toEqual([1])
    })
  })

  describe('withCount', () => {
    function counting(f: (count: number) => unknown = () => {}) {
      const clock = new Clock()
      const counts: number[] = []
      const loop = LoopingCall.withCount(
        (count) => {
          counts.push(count)
          return f(count)
        },
        { clock },
      )
      return { clock, counts, loop }
    }

    it('LC-24 LC-25 tells how many points have passed: 1 at the start, more after a skip', () => {
      const { clock, counts, loop } = counting()
      void loop.start(0.5)
      expect(counts).toEqual([1])
      clock.pump([0.5, 2, 0.5])
      expect(counts).toEqual([1, 1, 4, 1])
    })

    it('LC-26 counts from the start when the first run is later', () => {
      const { clock, counts, loop } = counting()
      void loop.start(1, { now: false })
      clock.advance(5.5)
      expect(counts).toEqual([5])
    })

    it('LC-27 is not raised by less than one interval', () => {
      const { clock, counts, loop } = counting()
      void loop.start(0.5, { now: false })
      clock.pump([0.5, 0.875, 0.125])
      expect(counts).toEqual([1, 1, 1])
    })

    it('LC-28 is never 0: what rounding hides is counted in the next run, and the sum is right', () => {
      const { clock, counts, loop } = counting()
      void loop.start(0.1, { now: false })
      // By additions of 0.1 the clock is sometimes a hair before a point, and sometimes after it.
      clock.pump(Array.from({ length: 1000 }, () => 0.1))
      expect(counts).not.toContain(0)
      expect(counts.length).toBeLessThan(1000)
      const sum = counts.reduce((total, count) => total + count, 0)
      expect(sum).toBe(Math.trunc(clock.seconds() / 0.1))
    })

    it('LC-29 is 1 for the interval 0', () => {
      const { clock, counts, loop } = counting()
      void loop.start(0, { now: false })
      clock.pump([0, 3, 0])
      expect(counts).toEqual([1, 1, 1])
    })

    it('LC-30 remembers when it last ran while the interval was 0', () => {
      const { clock, counts, loop } = counting()
      void loop.start(0, { now: false })
      clock.advance(2.25)
      loop.interval = 1
      clock.advance(2.25)
      expect(counts).toEqual([1, 2])
    })

    it('LC-31 counts the points that were missed while a run was pending', async () => {
      const run = deferred()
      const { clock, counts, loop } = counting((count) => (counts.length === 1 ? run.promise : count))
      void loop.start(0.25)
      clock.pump([0.25, 0.25, 0.125])
      run.resolve()
      await microtasks()
      clock.advance(0.125)
      expect(counts).toEqual([1, 3])
    })

    it('LC-32 goes on from the new start after a reset', () => {
      const { clock, counts, loop } = counting()
      void loop.start(1)
      clock.pump([1, 1, 0.75])
      loop.reset()
      clock.pump([0.75, 0.25, 1, 2])
      expect(counts).toEqual([1, 1, 1, 1, 1, 2])
    })

    it('LC-15 begins anew with every start', () => {
      const { clock, counts, loop } = counting()
      void loop.start(1)
      loop.stop()
      clock.advance(10)
      void loop.start(1)
      expect(counts).toEqual([1, 1])
    })

    it('refuses something that is no function', () => {
      expect(() => LoopingCall.withCount(3 as never)).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_TIMER_OPTION', option: 'f' }),
      )
    })
  })

  it.each([
    ['resolve', (run: ReturnType<typeof deferred>) => run.resolve()],
    ['reject', (run: ReturnType<typeof deferred>) => run.reject(new Error('in the last run'))],
  ])('is stopped by await using, which waits for the run in progress: %s', async (_, end) => {
    const run = deferred()
    const { clock, times, loop } = recording(() => (times.length === 2 ? run.promise : undefined))
    const used = (async () => {
      await using own = loop
      void own.start(1)
      clock.advance(1)
    })()
    expect(await isPending(used)).toBe(true)
    expect(loop.running).toBe(false)
    end(run)
    await used
    expect(clock.getDelayedCalls()).toEqual([])
    await loop[Symbol.asyncDispose]()
  })

  it('LC-34 shows the interval, the name of the function and the arguments', () => {
    function poll() {}
    const loop = new LoopingCall(poll, { args: ['a', 1] as never, clock: new Clock() })
    expect(String(loop)).toBe('LoopingCall<not started>(poll(a, 1))')
    void loop.start('250ms')
    expect(String(loop)).toBe('LoopingCall<0.25>(poll(a, 1))')
    expect(String(new LoopingCall(() => {}))).toContain('function()')
  })

  it('calls the function without a this', () => {
    let seen: unknown = 'nothing'
    function f(this: unknown) {
      seen = this
    }
    void new LoopingCall(f, { clock: new Clock() }).start(1)
    expect(seen).toBeUndefined()
  })

  it('LC-35 has no property deferred', () => {
    expect('deferred' in recording().loop).toBe(false)
  })

  it('refuses something that is no function', () => {
    expect(() => new LoopingCall('f' as never)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_TIMER_OPTION', option: 'f' }),
    )
  })
})
