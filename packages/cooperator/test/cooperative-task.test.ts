import { describe, expect, it, vi } from 'vitest'
import type { LogMethod } from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { Cooperator } from '../src/index.ts'

/** A task with steps one by one, of which each yields what `at` returns. */
function make(at: (n: number) => unknown = () => {}, count = Infinity) {
  const clock = new Clock()
  const error = vi.fn<LogMethod>()
  const log = { debug() {}, info() {}, warn() {}, error }
  const cooperator = new Cooperator({ clock, log, terminationPredicateFactory: () => () => true })
  const cleaned = vi.fn<() => void>()
  let steps = 0
  function* work() {
    try {
      for (; steps < count;) yield at(steps++)
    } finally {
      cleaned()
    }
  }
  const iterator = work()
  const task = cooperator.cooperate(iterator, { name: 'work' })
  const tick = (ticks = 1) => {
    for (let i = 0; i < ticks; i++) clock.advance(0)
    return steps
  }
  return { clock, cooperator, error, iterator, task, tick, cleaned }
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

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true
  const settled = () => {
    pending = false
  }
  promise.then(settled, settled)
  await microtasks()
  return pending
}

const withCode = (code: string) => expect.objectContaining({ code: `ERR_SENNIT_${code}` })

describe('CooperativeTask', () => {
  describe('whenDone', () => {
    it('CO-10 yields the iterator when the work is done', async () => {
      const { iterator, task, tick } = make(undefined, 1)
      const promise = task.whenDone()
      tick()
      expect(await isPending(promise)).toBe(true)
      tick()
      expect(await promise).toBe(iterator)
      expect(task.state).toBe('done')
    })

    it('CO-11 is a new promise each time', async () => {
      const { iterator, task, tick } = make(undefined, 0)
      const first = task.whenDone()
      const second = task.whenDone()
      expect(first).not.toBe(second)
      const changed = first.then(() => 'changed')
      tick()
      expect(await changed).toBe('changed')
      expect(await second).toBe(iterator)
    })

    it('CO-12 tells the end also afterwards', async () => {
      const { iterator, task, tick } = make(undefined, 0)
      tick()
      expect(await task.whenDone()).toBe(iterator)
      const failure = new Error('in the work')
      const failing = make(() => {
        throw failure
      })
      failing.tick()
      await expect(failing.task.whenDone()).rejects.toBe(failure)
    })

    it('CO-13 rejects with what the work threw', async () => {
      const failure = new Error('in the work')
      const { task, tick, cleaned } = make((n) => {
        if (n === 1) throw failure
      })
      const promise = task.whenDone()
      tick(2)
      await expect(promise).rejects.toBe(failure)
      expect(task.state).toBe('failed')
      expect(cleaned).toHaveBeenCalledOnce()
    })

    it('CO-14 logs a failure when nobody waits, with the name of the task', () => {
      const failure = new Error('in the work')
      const { error, tick } = make(() => {
        throw failure
      })
      tick()
      expect(error.mock.calls).toEqual([[{ err: failure, task: 'work' }, expect.any(String)]])
    })

    it('CO-14 CO-13 ends as it must when the log throws', async () => {
      const failure = new Error('in the work')
      const { clock, cooperator, error, task, tick } = make(() => {
        throw failure
      })
      error.mockImplementation(() => {
        throw new Error('the log has ended')
      })
      tick()
      expect(error).toHaveBeenCalledOnce()
      expect(task.state).toBe('failed')
      expect(cooperator.tasks).toEqual([])
      expect(clock.getDelayedCalls()).toEqual([])
      await expect(task.whenDone()).rejects.toBe(failure)
    })

    it('DF-01 settles in the turn in which the task ends, before any timer and any later turn', async () => {
      const { task } = make()
      const order: string[] = []
      void task.whenDone().catch(() => order.push('over'))
      const later = new Promise((resolve) => setImmediate(resolve)).then(() => order.push('later'))
      task.stop()
      await later
      expect(order).toEqual(['over', 'later'])
    })

    it('CO-14 logs no failure when somebody waits', async () => {
      const { error, task, tick } = make(() => {
        throw new Error('in the work')
      })
      const promise = task.whenDone()
      tick()
      await expect(promise).rejects.toThrow('in the work')
      expect(error).not.toHaveBeenCalled()
    })

    it('ends the waiting, not the task, by signal and by timeout', async () => {
      const { clock, task, tick } = make()
      const controller = new AbortController()
      const reason = new Error('enough')
      const bySignal = task.whenDone({ signal: controller.signal })
      const byTimeout = task.whenDone({ timeout: '5s' })
      controller.abort(reason)
      await expect(bySignal).rejects.toBe(reason)
      clock.advance(5)
      await expect(byTimeout).rejects.toMatchObject({
        code: 'ERR_SENNIT_TIMEOUT',
        message: expect.stringContaining("The task 'work'"),
      })
      expect(task.state).toBe('ready')
      expect(tick()).toBe(2)
    })

    it('leaves no delayed call behind when the task ends before the timeout', async () => {
      const { clock, task, tick } = make(undefined, 0)
      const promise = task.whenDone({ timeout: '5s' })
      tick()
      await promise
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('DF-04 is no unhandled rejection when nobody awaits it', async () => {
      const unhandled = vi.fn<() => void>()
      process.on('unhandledRejection', unhandled)
      const { task, tick } = make(() => {
        throw new Error('nobody awaits')
      })
      void task.whenDone()
      void task.whenDone({ timeout: '1s' })
      tick()
      void task.whenDone()
      await new Promise((resolve) => setImmediate(resolve))
      process.off('unhandledRejection', unhandled)
      expect(unhandled).not.toHaveBeenCalled()
    })
  })

  describe('items', () => {
    it('CO-15 waits for a promise, and ignores what it yields', async () => {
      const item = deferred()
      const { task, tick } = make((n) => (n === 0 ? item.promise : undefined))
      expect(tick(3)).toBe(1)
      expect(task.state).toBe('waiting')
      item.resolve()
      await microtasks()
      expect(task.state).toBe('ready')
      expect(tick()).toBe(2)
    })

    it.each([
      ['later', (failure: Error) => Promise.resolve().then(() => Promise.reject(failure))],
      ['already', (failure: Error) => Promise.reject(failure)],
    ])('CO-15 fails with what a promise was rejected with %s, and cleans up', async (_, item) => {
      const failure = new Error('in the item')
      const { task, tick, cleaned } = make(() => item(failure))
      const promise = task.whenDone()
      tick()
      await expect(promise).rejects.toBe(failure)
      expect(cleaned).toHaveBeenCalledOnce()
      expect(tick(3)).toBe(1)
    })

    it('CO-16 the rejection of an item is not unhandled', async () => {
      const unhandled = vi.fn<() => void>()
      process.on('unhandledRejection', unhandled)
      const { tick } = make(() => Promise.reject(new Error('in the item')))
      tick()
      const stopped = make(() => {
        stopped.task.stop()
        return Promise.reject(new Error('after the stop'))
      })
      stopped.tick()
      await new Promise((resolve) => setImmediate(resolve))
      process.off('unhandledRejection', unhandled)
      expect(unhandled).not.toHaveBeenCalled()
    })

    // oxlint-disable-next-line unicorn/no-thenable -- it is what this is about
    it.each([undefined, null, false, 0, 'text', {}, { then: 3 }, () => {}])('CO-17 ignores %o', (item) => {
      expect(make(() => item).tick(3)).toBe(3)
    })

    it('CO-17 takes anything with then for a promise', async () => {
      // oxlint-disable-next-line unicorn/no-thenable -- it is what this is about
      const thenable = { then: (resolve: () => void) => resolve() }
      const { task, tick } = make((n) => (n === 0 ? thenable : undefined))
      expect(tick(2)).toBe(1)
      expect(task.state).toBe('waiting')
      await microtasks()
      expect(tick()).toBe(2)
    })
  })

  describe('pause', () => {
    it('CO-18 keeps the task from its steps; resume does none itself, and puts it at the end of the round', () => {
      const { cooperator, clock } = make(undefined, 0)
      const trace: string[] = []
      function* work(name: string) {
        for (;;) yield trace.push(name)
      }
      const [a] = ['a', 'b', 'c'].map((name) => cooperator.cooperate(work(name)))
      clock.pump([0, 0, 0])
      trace.length = 0
      a!.pause()
      clock.pump([0, 0])
      expect(trace.splice(0).join('')).toBe('cb')
      // Now it is the turn of c, and b had the last one: the end of the round is between them.
      a!.resume()
      expect(trace).toEqual([])
      clock.pump([0, 0, 0, 0, 0, 0])
      expect(trace.join('')).toBe('cabcab')
    })

    it('CO-19 needs as many resumes', () => {
      const { task, tick } = make()
      task.pause()
      task.pause()
      task.resume()
      expect(tick()).toBe(0)
      expect(task.state).toBe('paused')
      task.resume()
      expect(tick()).toBe(1)
    })

    it('CO-20 resume throws when the task is not paused', () => {
      const { task } = make()
      expect(() => task.resume()).toThrow(withCode('NOT_PAUSED'))
      task.pause()
      task.resume()
      expect(() => task.resume()).toThrow(withCode('NOT_PAUSED'))
    })

    it('CO-20 resume throws when the task only waits', () => {
      const { task, tick } = make(() => new Promise(() => {}))
      tick()
      expect(() => task.resume()).toThrow(withCode('NOT_PAUSED'))
    })

    it.each(['resume first', 'settle first'])('CO-21 while waiting needs both, %s', async (order) => {
      const item = deferred()
      const { task, tick } = make((n) => (n === 0 ? item.promise : undefined))
      tick()
      task.pause()
      const steps = [() => task.resume(), () => item.resolve()]
      if (order === 'settle first') steps.reverse()
      steps[0]!()
      await microtasks()
      expect(tick()).toBe(1)
      steps[1]!()
      await microtasks()
      expect(tick()).toBe(2)
    })

    it('in its own step holds for the next one', async () => {
      for (const item of [undefined, Promise.resolve()]) {
        const { task, tick } = make((n) => {
          if (n === 0) task.pause()
          return item
        })
        expect(tick(3)).toBe(1)
        await microtasks()
        expect(tick(3)).toBe(1)
        task.resume()
        expect(tick()).toBe(2)
      }
    })

    it('and resume in its own step change nothing', () => {
      const { task, tick } = make(() => {
        task.pause()
        task.resume()
      })
      expect(tick(3)).toBe(3)
    })
  })

  describe('stop', () => {
    it('CO-22 ends the task: no more steps, and whenDone rejects', async () => {
      const { clock, task, tick } = make()
      const promise = task.whenDone()
      tick()
      task.stop()
      expect(task.state).toBe('stopped')
      expect(clock.getDelayedCalls()).toEqual([])
      expect(tick(3)).toBe(1)
      await expect(promise).rejects.toMatchObject({ code: 'ERR_SENNIT_TASK_STOPPED' })
    })

    it.each([
      ['done', 'TASK_DONE', () => undefined],
      [
        'failed',
        'TASK_FAILED',
        () => {
          throw new Error('in the work')
        },
      ],
    ])('CO-23 throws when the task is over, as pause does: %s', (state, code, at) => {
      const { task, tick } = make(at, state === 'done' ? 0 : 1)
      tick()
      expect(task.state).toBe(state)
      for (const method of ['stop', 'pause'] as const) expect(() => task[method]()).toThrow(withCode(code))
    })

    it('CO-23 throws when the task was stopped, as pause does', () => {
      const { task } = make()
      task.stop()
      for (const method of ['stop', 'pause'] as const)
        expect(() => task[method]()).toThrow(withCode('TASK_STOPPED'))
    })

    it('CO-24 of a paused task leaves its resume without effect; more of them throw', () => {
      const { clock, task } = make()
      task.pause()
      task.stop()
      task.resume()
      expect(clock.getDelayedCalls()).toEqual([])
      expect(() => task.resume()).toThrow(withCode('NOT_PAUSED'))
    })

    it.each(['resolve', 'reject'] as const)(
      'CO-25 while waiting is clean: a late %s does nothing',
      async (how) => {
        const item = deferred()
        const { clock, error, task, tick } = make(() => item.promise)
        const promise = task.whenDone()
        tick()
        task.stop()
        item[how](new Error('late'))
        await expect(promise).rejects.toMatchObject({ code: 'ERR_SENNIT_TASK_STOPPED' })
        expect(clock.getDelayedCalls()).toEqual([])
        expect(tick(3)).toBe(1)
        expect(error).not.toHaveBeenCalled()
        expect(task.state).toBe('stopped')
        expect(() => task.stop()).toThrow(withCode('TASK_STOPPED'))
      },
    )

    it('CO-26 has taken the task out of the cooperator when whenDone settles', async () => {
      const { cooperator, task } = make()
      const seen = task.whenDone().catch(() => cooperator.tasks.length)
      task.stop()
      expect(await seen).toBe(0)
    })

    it('closes the iterator, so that it cleans up, once', () => {
      const { task, tick, cleaned } = make()
      tick()
      task.stop()
      expect(cleaned).toHaveBeenCalledOnce()
      tick()
      expect(cleaned).toHaveBeenCalledOnce()
    })

    it('closes the iterator after its own step when it is called there, also when paused there', async () => {
      for (const pauses of [false, true]) {
        const { error, task, tick, cleaned } = make(() => {
          if (pauses) task.pause()
          task.stop()
        })
        expect(tick(3)).toBe(1)
        await microtasks()
        expect(cleaned).toHaveBeenCalledOnce()
        expect(error).not.toHaveBeenCalled()
      }
    })

    it('in its last step or in one that throws ends it as stopped', async () => {
      const { error, task, tick } = make((n) => {
        if (n === 0) {
          task.stop()
          throw new Error('after the stop')
        }
      })
      const promise = task.whenDone()
      tick()
      await expect(promise).rejects.toMatchObject({ code: 'ERR_SENNIT_TASK_STOPPED' })
      expect(error).not.toHaveBeenCalled()
      expect(task.state).toBe('stopped')
      const ending = make(() => {}, 0)
      const last = ending.cooperator.cooperate({
        next: () => {
          last.stop()
          return { done: true, value: undefined }
        },
      } satisfies Iterator<undefined>)
      ending.tick(3)
      expect(last.state).toBe('stopped')
    })

    it('logs an error of the cleaning up', async () => {
      const { clock, cooperator, error } = make(undefined, 0)
      const failure = new Error('in finally')
      function* work() {
        try {
          for (;;) yield
        } finally {
          // oxlint-disable-next-line no-unsafe-finally
          throw failure
        }
      }
      async function* later() {
        yield* work()
      }
      const tasks = [
        cooperator.cooperate(work(), { name: 'now' }),
        cooperator.cooperate(later(), { name: 'later' }),
      ]
      clock.pump([0, 0, 0])
      await microtasks()
      for (const task of tasks) task.stop()
      await microtasks()
      expect(error.mock.calls.map(([fields]) => fields)).toEqual([
        { err: failure, task: 'now' },
        { err: failure, task: 'later' },
      ])
    })

    it('does without a way to close the iterator', () => {
      const { clock, cooperator, error } = make(undefined, 0)
      const task = cooperator.cooperate({ next: () => ({ done: false, value: 1 }) })
      clock.advance(0)
      task.stop()
      expect(error).not.toHaveBeenCalled()
    })
  })

  it('fails when a step is no step', async () => {
    const { clock, cooperator } = make(undefined, 0)
    const task = cooperator.cooperate({ next: () => undefined as never })
    const promise = task.whenDone()
    clock.pump([0, 0])
    await expect(promise).rejects.toBeInstanceOf(TypeError)
  })

  it('is done when a step says so by anything that is true', () => {
    const { clock, cooperator } = make(undefined, 0)
    const task = cooperator.cooperate({ next: () => ({ done: 1 as never, value: undefined }) })
    clock.pump([0, 0])
    expect(task.state).toBe('done')
  })

  it('tells its name and its progress', () => {
    const clock = new Clock()
    const cooperator = new Cooperator({ clock, slice: '16ms' })
    function* work() {
      for (const ms of [1, 3, 2]) {
        clock.advance(ms / 1024)
        yield
      }
      for (;;) yield
    }
    const task = cooperator.cooperate(work(), { name: 'index' })
    expect(task.describe()).toMatchObject({
      kind: 'CooperativeTask',
      name: 'index',
      state: 'ready',
      facts: { steps: 0, cpuTime: 0, longestStep: 0 },
    })
    clock.advance(0)
    expect(task.progress).toMatchObject({ cpuTime: 6 / 1024, longestStep: 3 / 1024 })
    expect(task.progress.steps).toBeGreaterThan(3)
    expect(cooperator.cooperate([]).name).toBe('task 2')
  })

  it('estimates the time of the steps that were not measured alone', () => {
    const clock = new Clock()
    const cooperator = new Cooperator({ clock, slice: '16ms' })
    const step = 2 ** -20
    const task = cooperator.cooperate(
      (function* () {
        for (;;) {
          clock.advance(step)
          yield
        }
      })(),
    )
    clock.pump([0, 0, 0])
    const { steps, cpuTime } = task.progress
    expect(cpuTime).toBeCloseTo(steps * step, 9)
  })
})
