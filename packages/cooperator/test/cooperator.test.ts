import { afterEach, describe, expect, it, vi } from 'vitest'
import type { LogMethod } from '@sennit/interfaces'
import { Clock, setGlobalReactor } from '@sennit/runtime'
import { Cooperator, type CooperatorOptions, type Scheduler } from '../src/index.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** A cooperator whose ticks have `steps` steps each, and a record of what its tasks did. */
function make(steps: number, options: CooperatorOptions = {}) {
  const clock = new Clock()
  const trace: string[] = []
  const terminationPredicateFactory = () => {
    let left = steps
    return () => --left <= 0
  }
  const cooperator = new Cooperator({ clock, log: silent, terminationPredicateFactory, ...options })
  /** Work that records its steps; `at` is called in each. */
  function* work(name: string, count = Infinity, at: (n: number) => unknown = () => {}) {
    for (let n = 0; n < count; n++) {
      trace.push(`${name}${n}`)
      yield at(n)
    }
  }
  const tick = () => {
    const from = trace.length
    clock.advance(0)
    return trace.slice(from).join(' ')
  }
  return { clock, cooperator, trace, work, tick }
}

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
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

async function outcome(promise: Promise<unknown>): Promise<unknown> {
  let result: unknown = 'pending'
  promise.then(
    (value) => (result = { value }),
    (error: unknown) => (result = { error }),
  )
  await microtasks()
  return result
}

afterEach(() => setGlobalReactor(undefined))

describe('Cooperator', () => {
  describe('a tick', () => {
    it('CO-02 advances the tasks in turn, one step each, in the order in which they came', () => {
      const { cooperator, work, tick } = make(7)
      for (const name of 'abc') cooperator.cooperate(work(name))
      expect(tick()).toBe('a0 b0 c0 a1 b1 c1 a2')
    })

    it('CO-03 CO-04 has exactly as many steps as the predicate says, and is followed by another', () => {
      const { clock, cooperator, work, tick } = make(5)
      cooperator.cooperate(work('a'))
      expect(tick()).toBe('a0 a1 a2 a3 a4')
      expect(clock.getDelayedCalls()).toHaveLength(1)
      expect(tick()).toBe('a5 a6 a7 a8 a9')
    })

    it('CO-03 asks a fresh predicate after every step', () => {
      const asked: number[] = []
      let made = 0
      const { cooperator, work, tick } = make(0, {
        terminationPredicateFactory: () => {
          const id = ++made
          return () => asked.push(id) % 2 === 0
        },
      })
      cooperator.cooperate(work('a'))
      expect(tick()).toBe('a0 a1')
      tick()
      expect(asked).toEqual([1, 1, 2, 2])
    })

    it('CO-03 ends when no task is left', () => {
      const { clock, cooperator, work, tick } = make(100)
      cooperator.cooperate(work('a', 2))
      expect(tick()).toBe('a0 a1')
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('CO-05 has one step at least', () => {
      const { cooperator, work, tick } = make(1, { terminationPredicateFactory: () => () => true })
      cooperator.cooperate(work('a'))
      expect(tick()).toBe('a0')
    })

    it('CO-05 lasts one slice of the clock unless a predicate says so', () => {
      const { clock, cooperator, work, tick } = make(0, { terminationPredicateFactory: undefined })
      cooperator.cooperate(work('a', Infinity, () => clock.advance('4ms')))
      expect(tick()).toBe('a0 a1 a2')
      expect(tick()).toBe('a3 a4 a5')
    })

    it('CO-05 lasts as long as it is told', () => {
      const { clock, cooperator, work, tick } = make(0, {
        terminationPredicateFactory: undefined,
        slice: '1ms',
      })
      cooperator.cooperate(work('a', Infinity, () => clock.advance('4ms')))
      expect(tick()).toBe('a0')
    })

    it('CO-06 goes on after the task that was served last', () => {
      const { cooperator, work, tick } = make(2)
      for (const name of 'abc') cooperator.cooperate(work(name))
      expect([tick(), tick(), tick()]).toEqual(['a0 b0', 'c0 a1', 'b1 c1'])
    })

    it('goes on after a predicate that throws', () => {
      let throws = true
      const { clock, cooperator, work, tick } = make(0, {
        terminationPredicateFactory: () => () => {
          if (throws) throw new Error('in the predicate')
          return true
        },
      })
      cooperator.cooperate(work('a'))
      expect(tick).toThrow('in the predicate')
      throws = false
      expect(clock.getDelayedCalls()).toHaveLength(1)
      expect(tick()).toBe('a1')
    })

    it.each([
      [1, 1],
      [1, 4],
      [2, 3],
      [4, 4],
      [5, 2],
    ])('CO-02 CO-18 starves nobody: %d steps a tick, %d of each kind', async (steps, count) => {
      const { clock, cooperator } = make(steps)
      const counts = new Map<string, number>()
      const did = (name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1)
      for (let i = 0; i < count; i++) {
        const name = (kind: string) => `${kind}${i}`
        cooperator.cooperate(
          (function* () {
            for (;;) yield did(name('sync'))
          })(),
        )
        cooperator.cooperate(
          (async function* () {
            for (;;) yield did(name('async'))
          })(),
        )
        cooperator.cooperate(
          (function* () {
            for (;;) yield Promise.resolve(did(name('promise')))
          })(),
        )
        const pausing = function* (): Generator<void> {
          for (;;) {
            did(name('pausing'))
            task.pause()
            task.resume()
            yield
          }
        }
        const task = cooperator.cooperate(pausing())
      }
      for (let i = 0; i < 300; i++) {
        clock.advance(0)
        await microtasks()
      }
      const fair = (300 * steps) / (4 * count)
      expect(counts.size).toBe(4 * count)
      expect(Math.min(...counts.values())).toBeGreaterThan(fair * 0.6)
      void cooperator.stop()
    })

    it('takes tasks that are added in a step at the end of the round', () => {
      const { cooperator, work, tick } = make(5)
      cooperator.cooperate(
        work('a', Infinity, (n) => n === 0 && cooperator.cooperate(work('c')) && undefined),
      )
      cooperator.cooperate(work('b'))
      expect(tick()).toBe('a0 b0 c0 a1 b1')
    })
  })

  describe('scheduling', () => {
    it('CO-07 has at most one tick scheduled', () => {
      const { clock, cooperator, work } = make(1)
      for (const name of 'abc') {
        cooperator.cooperate(work(name))
        expect(clock.getDelayedCalls()).toHaveLength(1)
      }
    })

    it('CO-07 schedules one tick when tasks are added in a step', () => {
      const { clock, cooperator, work, tick } = make(1)
      cooperator.cooperate(work('a', 1, () => void cooperator.cooperate(work('b'))))
      tick()
      expect(clock.getDelayedCalls()).toHaveLength(1)
    })

    it('CO-08 cancels the tick when the last task leaves, and schedules again when one comes', () => {
      const { clock, cooperator, work, tick } = make(1)
      const first = cooperator.cooperate(work('a'))
      const second = cooperator.cooperate(work('b'))
      first.stop()
      expect(clock.getDelayedCalls()).toHaveLength(1)
      second.pause()
      expect(clock.getDelayedCalls()).toEqual([])
      second.resume()
      expect(clock.getDelayedCalls()).toHaveLength(1)
      expect(tick()).toBe('b0')
    })

    it('CO-09 calls the scheduler with a tick without arguments, and can take it back', () => {
      const ticks: (() => void)[] = []
      const cancel = vi.fn<() => void>()
      const { cooperator, work, trace } = make(1, {
        scheduler: (tick) => {
          ticks.push(tick)
          return { cancel }
        },
      })
      const task = cooperator.cooperate(work('a'))
      expect(ticks).toHaveLength(1)
      expect(ticks[0]).toHaveLength(0)
      ticks[0]!()
      expect(trace).toEqual(['a0'])
      expect(ticks).toHaveLength(2)
      task.stop()
      expect(cancel).toHaveBeenCalledOnce()
      // A scheduler that calls it all the same does no harm.
      ticks[1]!()
      expect(trace).toEqual(['a0'])
      cooperator.cooperate(work('b'))
      ticks[2]!()
      expect(trace).toEqual(['a0', 'b0'])
    })

    it('CO-09 has no tick inside another, when the scheduler calls one', () => {
      const ticks: (() => void)[] = []
      const scheduler = (tick: () => void) => {
        ticks.push(tick)
        return { cancel() {} }
      }
      const { cooperator, work, trace } = make(2, { scheduler })
      cooperator.cooperate(work('a', Infinity, () => ticks[0]!()))
      ticks[0]!()
      expect(trace).toEqual(['a0', 'a1'])
    })

    it('CO-07 schedules nothing for what is added and done within one tick', () => {
      const scheduler = vi.fn<Scheduler>(() => ({ cancel() {} }))
      const { cooperator, work, trace } = make(100, { scheduler })
      cooperator.cooperate(work('a', 1, () => void cooperator.cooperate(work('b', 1))))
      scheduler.mock.calls[0]![0]()
      expect(trace).toEqual(['a0', 'b0'])
      expect(scheduler).toHaveBeenCalledOnce()
    })

    it.each([undefined, null, {}, 3])('CO-09 refuses a scheduler that returns %o', (result) => {
      const { cooperator, work } = make(1, { scheduler: () => result as never })
      expect(() => cooperator.cooperate(work('a'))).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_COOPERATOR_OPTION', option: 'scheduler' }),
      )
    })

    it("runs on the process's reactor when it has no clock", () => {
      const clock = new Clock()
      setGlobalReactor(clock)
      const { cooperator, work } = make(1, { clock: undefined })
      cooperator.cooperate(work('a'))
      expect(clock.getDelayedCalls().map((call) => call.getTime())).toEqual([0])
    })
  })

  describe('coiterate', () => {
    it('CO-01 CO-10 yields the iterator when the work is done', async () => {
      const { cooperator, work, tick } = make(10)
      const iterator = work('a', 2)
      const promise = cooperator.coiterate(iterator)
      expect(await outcome(promise)).toBe('pending')
      tick()
      expect(await promise).toBe(iterator)
    })

    it('CO-14 DF-04 logs a failure, since nobody may wait for it; it is not unhandled', async () => {
      const unhandled = vi.fn<() => void>()
      process.on('unhandledRejection', unhandled)
      const error = vi.fn<LogMethod>()
      const { cooperator, tick, work } = make(1, { log: { ...silent, error } })
      const failure = new Error('in the work')
      void cooperator.coiterate(
        work('a', 1, () => {
          throw failure
        }),
        { name: 'lost' },
      )
      tick()
      await new Promise((resolve) => setImmediate(resolve))
      process.off('unhandledRejection', unhandled)
      expect(error.mock.calls).toEqual([[{ err: failure, task: 'lost' }, expect.any(String)]])
      expect(unhandled).not.toHaveBeenCalled()
    })

    it('CO-14 logs no failure when somebody asks the task itself for its end', async () => {
      const error = vi.fn<LogMethod>()
      const { cooperator, tick, work } = make(1, { log: { ...silent, error } })
      const promise = cooperator.coiterate(
        work('a', 1, () => {
          throw new Error('in the work')
        }),
      )
      void cooperator.tasks[0]!.whenDone()
      tick()
      await expect(promise).rejects.toThrow('in the work')
      expect(error).not.toHaveBeenCalled()
    })

    it('CO-13 rejects with what the work throws', async () => {
      const { cooperator, work, tick } = make(10)
      const failure = new Error('in the work')
      const promise = cooperator.coiterate(
        work('a', 2, () => {
          throw failure
        }),
      )
      tick()
      await expect(promise).rejects.toBe(failure)
    })

    it('CO-01 takes anything that is iterated over', async () => {
      const { cooperator, clock } = make(10)
      const seen: number[] = []
      const numbers = new Set([1, 2, 3])
      async function* later() {
        for (const number of [4, 5]) {
          seen.push(number)
          yield number
        }
      }
      const both = Promise.all([
        cooperator.coiterate({
          *[Symbol.iterator]() {
            for (const number of numbers) yield seen.push(number)
          },
        }),
        cooperator.coiterate(later()),
        cooperator.coiterate([1, 2]),
      ])
      for (let i = 0; i < 5; i++) {
        clock.advance(0)
        await microtasks()
      }
      await both
      expect(new Set(seen)).toEqual(new Set([1, 2, 3, 4, 5]))
      expect(seen).toHaveLength(5)
    })

    it('refuses work that is not iterated over', () => {
      const { cooperator } = make(1)
      expect(() => cooperator.coiterate(3 as never)).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_COOPERATOR_OPTION', option: 'work' }),
      )
    })
  })

  describe('start', () => {
    it('CO-33 CO-34 lets the tasks wait for it, and schedules one tick, once', () => {
      const { clock, cooperator, work, tick } = make(2, { started: false })
      for (const name of 'ab') cooperator.cooperate(work(name))
      expect(cooperator.running).toBe(false)
      expect(clock.getDelayedCalls()).toEqual([])
      cooperator.start()
      cooperator.start()
      expect(cooperator.running).toBe(true)
      expect(clock.getDelayedCalls()).toHaveLength(1)
      expect(tick()).toBe('a0 b0')
    })

    it('CO-33 runs from the beginning unless it is told otherwise', () => {
      expect(make(1).cooperator.running).toBe(true)
      expect(make(1, { started: true }).cooperator.running).toBe(true)
      expect(make(1, { started: false }).cooperator.running).toBe(false)
    })

    it('CO-32 after a stop takes new tasks, and runs them', () => {
      const { cooperator, work, tick } = make(1)
      void cooperator.stop()
      cooperator.start()
      cooperator.cooperate(work('a'))
      expect(tick()).toBe('a0')
    })
  })

  describe('stop', () => {
    it('CO-27 CO-28 cancels the tick and fails every task', async () => {
      const { clock, cooperator, work } = make(1)
      const promises = ['a', 'b', 'c', 'd', 'e'].map((name) => cooperator.coiterate(work(name)))
      clock.advance(0)
      expect(cooperator.stop()).toBeUndefined()
      expect(cooperator.running).toBe(false)
      expect(clock.getDelayedCalls()).toEqual([])
      for (const promise of promises)
        expect(await outcome(promise)).toEqual({
          error: expect.objectContaining({ code: 'ERR_SENNIT_SCHEDULER_STOPPED' }),
        })
    })

    it('CO-29 fails paused tasks as well', async () => {
      const { cooperator, work } = make(1)
      const task = cooperator.cooperate(work('a'))
      task.pause()
      expect(cooperator.stop()).toBeUndefined()
      await expect(task.whenDone()).rejects.toMatchObject({ code: 'ERR_SENNIT_SCHEDULER_STOPPED' })
      task.resume()
      expect(() => task.pause()).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_SCHEDULER_STOPPED' }))
    })

    it('CO-30 fails a task that waits once what it waits for has settled, and tells when that is', async () => {
      const { clock, cooperator, work, trace } = make(1)
      const item = deferred()
      const task = cooperator.cooperate(work('a', 2, () => item.promise))
      clock.advance(0)
      const stopped = cooperator.stop() as Promise<void>
      const done = task.whenDone()
      expect(await outcome(done)).toBe('pending')
      expect(await outcome(stopped)).toBe('pending')
      item.resolve()
      await expect(done).rejects.toMatchObject({ code: 'ERR_SENNIT_SCHEDULER_STOPPED' })
      await stopped
      expect(trace).toEqual(['a0'])
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('CO-30 fails such a task also when the cooperator was started again meanwhile', async () => {
      const { clock, cooperator, work, trace } = make(1)
      const item = deferred()
      const done = cooperator.coiterate(work('a', 2, () => item.promise))
      clock.advance(0)
      const stopped = cooperator.stop()
      cooperator.start()
      item.resolve()
      await expect(done).rejects.toMatchObject({ code: 'ERR_SENNIT_SCHEDULER_STOPPED' })
      await stopped
      clock.advance(0)
      expect(trace).toEqual(['a0'])
    })

    it('gives up waiting when its signal is aborted: such a task fails at once', async () => {
      const { clock, cooperator, work } = make(1)
      const done = cooperator.coiterate(work('a', 1, () => new Promise(() => {})))
      clock.advance(0)
      const controller = new AbortController()
      const stopped = cooperator.stop({ signal: controller.signal })
      expect(await outcome(done)).toBe('pending')
      controller.abort()
      await stopped
      await expect(done).rejects.toMatchObject({ code: 'ERR_SENNIT_SCHEDULER_STOPPED' })
    })

    it('gives up at once when its signal is aborted already', async () => {
      const { clock, cooperator, work } = make(1)
      const done = cooperator.coiterate(work('a', 1, () => new Promise(() => {})))
      clock.advance(0)
      await cooperator.stop({ signal: AbortSignal.abort() })
      await expect(done).rejects.toMatchObject({ code: 'ERR_SENNIT_SCHEDULER_STOPPED' })
    })

    it('leaves no listener at its signal', async () => {
      const { clock, cooperator, work } = make(1)
      const item = deferred()
      cooperator.cooperate(work('a', 1, () => item.promise))
      clock.advance(0)
      const { signal } = new AbortController()
      const removed = vi.spyOn(signal, 'removeEventListener')
      const stopped = cooperator.stop({ signal })
      item.resolve()
      await stopped
      expect(removed).toHaveBeenCalledOnce()
    })

    it('waits for what tasks clean up', async () => {
      const { clock, cooperator } = make(1)
      const cleaned = deferred()
      async function* work() {
        try {
          yield 1
        } finally {
          await cleaned.promise
        }
      }
      cooperator.cooperate(work())
      clock.advance(0)
      await microtasks()
      const stopped = cooperator.stop() as Promise<void>
      expect(await outcome(stopped)).toBe('pending')
      cleaned.resolve()
      await stopped
    })

    it('twice waits twice', async () => {
      const { clock, cooperator, work } = make(1)
      const item = deferred()
      cooperator.cooperate(work('a', 1, () => item.promise))
      clock.advance(0)
      const first = Promise.resolve(cooperator.stop())
      const second = Promise.resolve(cooperator.stop())
      expect([await outcome(first), await outcome(second)]).toEqual(['pending', 'pending'])
      item.resolve()
      expect([await first, await second]).toEqual([undefined, undefined])
    })

    it('CO-31 makes every task that is added fail at once', async () => {
      const { clock, cooperator, work, trace } = make(1)
      void cooperator.stop()
      const iterator = work('a')
      const promise = cooperator.coiterate(iterator)
      await expect(promise).rejects.toMatchObject({ code: 'ERR_SENNIT_SCHEDULER_STOPPED' })
      expect(cooperator.cooperate(work('b')).state).toBe('stopped')
      expect(clock.getDelayedCalls()).toEqual([])
      expect(trace).toEqual([])
    })

    it('CO-26 may be called in a step, and ends the tick', async () => {
      const { cooperator, work, tick } = make(10)
      const other = cooperator.coiterate(work('b'))
      const own = cooperator.coiterate(work('a', Infinity, () => void cooperator.stop()))
      expect(tick()).toBe('b0 a0')
      for (const promise of [own, other])
        await expect(promise).rejects.toMatchObject({ code: 'ERR_SENNIT_SCHEDULER_STOPPED' })
    })

    it('CO-26 may be called by who waited for a task', async () => {
      const { cooperator, work, tick } = make(10)
      const other = cooperator.coiterate(work('b', 100))
      const stopped = cooperator.coiterate(work('a', 1)).then(() => cooperator.stop())
      tick()
      await stopped
      await expect(other).rejects.toMatchObject({ code: 'ERR_SENNIT_SCHEDULER_STOPPED' })
    })

    it('and start in a step go on with what is added then', () => {
      const { cooperator, work, tick } = make(10)
      cooperator.cooperate(
        work('a', Infinity, () => {
          void cooperator.stop()
          cooperator.start()
          cooperator.cooperate(work('c', 2))
        }),
      )
      cooperator.cooperate(work('b'))
      expect(tick()).toBe('a0 c0 c1')
    })

    it('reaches each task although the cleaning up of one stops another', async () => {
      const { cooperator, clock } = make(10)
      const tasks: { stop(): void; whenDone(): Promise<unknown> }[] = []
      function* work(other: number) {
        try {
          for (;;) yield
        } finally {
          tasks[other]!.stop()
        }
      }
      tasks.push(cooperator.cooperate(work(1)), cooperator.cooperate(work(1)), cooperator.cooperate(work(0)))
      clock.advance(0)
      void cooperator.stop()
      expect(await Promise.all(tasks.map((task) => outcome(task.whenDone())))).toEqual([
        { error: expect.objectContaining({ code: 'ERR_SENNIT_SCHEDULER_STOPPED' }) },
        { error: expect.objectContaining({ code: 'ERR_SENNIT_TASK_STOPPED' }) },
        { error: expect.objectContaining({ code: 'ERR_SENNIT_SCHEDULER_STOPPED' }) },
      ])
    })
  })

  it('tells its tasks: those that are ready in their order, then the others', () => {
    const { cooperator, work, tick } = make(3)
    const tasks = ['a', 'b', 'c'].map((name) => cooperator.cooperate(work(name), { name }))
    tasks[0]!.pause()
    expect(cooperator.tasks).toEqual([tasks[1], tasks[2], tasks[0]])
    tasks[0]!.resume()
    expect(cooperator.tasks).toEqual([tasks[1], tasks[2], tasks[0]])
    tasks[1]!.stop()
    expect(cooperator.tasks).toEqual([tasks[2], tasks[0]])
    tick()
  })

  it('is stopped by await using, which waits for what tasks wait for', async () => {
    const { clock, cooperator, work } = make(1)
    const item = deferred()
    const done = cooperator.coiterate(work('a', 2, () => item.promise))
    clock.advance(0)
    const used = (async () => {
      await using own = cooperator
      expect(own.running).toBe(true)
    })()
    expect(await outcome(used)).toBe('pending')
    expect(cooperator.running).toBe(false)
    item.resolve()
    await used
    await expect(done).rejects.toMatchObject({ code: 'ERR_SENNIT_SCHEDULER_STOPPED' })
  })

  it.each([
    ['by a slice', { terminationPredicateFactory: undefined }],
    ['by a predicate', {}],
  ])('measures the steps of each task where a tick is ended %s', (_, options) => {
    const { clock, cooperator, work, tick } = make(4, { slice: '3s', ...options })
    const tasks = [1, 0.5].map((seconds) =>
      cooperator.cooperate(
        work('a', 2, () => clock.advance(seconds)),
        { name: `${seconds} s` },
      ),
    )
    const first = tick()
    expect(first).toBe('a0 a0 a1 a1')
    expect(tasks.map(({ progress }) => progress)).toMatchObject([
      { steps: 2, cpuTime: 2, longestStep: 1 },
      { steps: 2, cpuTime: 1, longestStep: 0.5 },
    ])
  })

  it.each([
    ['a slice', { terminationPredicateFactory: undefined }],
    ['a predicate', {}],
  ])('warns of long steps by its log, with ticks that %s ends', (_, options) => {
    const warn = vi.fn<LogMethod>()
    const { clock, cooperator, work, tick } = make(1, {
      ...options,
      longStep: '100ms',
      log: { ...silent, warn },
    })
    cooperator.cooperate(work('a', 1, () => clock.advance('50ms')))
    cooperator.cooperate(
      work('b', 1, () => clock.advance('200ms')),
      { name: 'bulk' },
    )
    tick()
    tick()
    expect(warn.mock.calls.map(([fields]) => fields)).toEqual([expect.objectContaining({ task: 'bulk' })])
  })

  it.each([
    [{ scheduler: 3 as never }, 'ERR_SENNIT_COOPERATOR_OPTION'],
    [{ terminationPredicateFactory: true as never }, 'ERR_SENNIT_COOPERATOR_OPTION'],
    [{ slice: -1 }, 'ERR_SENNIT_DURATION'],
    [{ longStep: '1d' as never }, 'ERR_SENNIT_DURATION'],
  ])('refuses %o', (options: CooperatorOptions, code) => {
    expect(() => new Cooperator(options)).toThrow(expect.objectContaining({ code }))
  })
})
