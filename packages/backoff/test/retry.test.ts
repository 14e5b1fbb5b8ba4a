import { describe, expect, it, vi } from 'vitest'
import type { LogMethod, Random, Seconds } from '@sennit/interfaces'
import { Clock, setGlobalReactor } from '@sennit/runtime'
import { type Attempt, retry, type RetryOptions, type RetryPolicy } from '../src/index.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** A function that fails as often as told, and the options of a retry that waits 1, 2, 3, … seconds. */
function failing(times: number) {
  const clock = new Clock()
  const errors: Error[] = []
  const attempts: Attempt[] = []
  const fn = (attempt: Attempt) => {
    attempts.push(attempt)
    if (attempts.length > times) return `attempt ${attempt.attempt}`
    const error = new Error(`failure ${attempt.attempt}`)
    errors.push(error)
    throw error
  }
  const options = {
    clock,
    log: silent,
    policy: (failures: number): Seconds => failures,
  } satisfies RetryOptions
  return { clock, errors, attempts, fn, options }
}

/** How a promise stands: its value or its rejection, once the microtasks have run. */
async function outcome<T>(promise: Promise<T>): Promise<unknown> {
  const pending = Symbol('pending')
  for (let i = 0; i < 10; i++) await Promise.resolve()
  return Promise.race([promise, Promise.resolve(pending)]).then(
    (value) => (value === pending ? 'pending' : { value }),
    (error: unknown) => ({ error }),
  )
}

describe('retry', () => {
  it('makes the first attempt at once, and leaves nothing behind when it succeeds', async () => {
    const { clock, attempts, fn, options } = failing(0)
    const promise = retry(fn, options)
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1])
    expect(clock.getDelayedCalls()).toEqual([])
    expect(await promise).toBe('attempt 1')
  })

  it('takes a result whose `then` throws for a failure, in a later attempt too', async () => {
    const { clock, options } = failing(0)
    const error = new Error('in the getter')
    const fn = vi.fn(() => ({
      // oxlint-disable-next-line unicorn/no-thenable
      get then(): undefined {
        throw error
      },
    }))
    const promise = retry<unknown>(fn, { ...options, maxAttempts: 2 })
    clock.advance(1)
    expect(await outcome(promise)).toEqual({ error })
    expect(fn).toHaveBeenCalledTimes(2)
  })

  it('waits as the policy says, which is given the failures in a row, the randomness, and the time since the first attempt', async () => {
    const { clock, attempts, fn, options } = failing(3)
    const random: Random = () => 0.5
    const policy = vi.fn<RetryPolicy>((failures) => failures * 2)
    const promise = retry(fn, { ...options, random, policy })
    clock.advance(2)
    expect(attempts).toHaveLength(2)
    clock.advance(3.5)
    expect(attempts).toHaveLength(2)
    clock.advance(0.5)
    expect(attempts).toHaveLength(3)
    clock.advance(6)
    expect(await promise).toBe('attempt 4')
    expect(policy.mock.calls).toEqual([
      [1, random, 0],
      [2, random, 2],
      [3, random, 6],
    ])
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('DF-01 settles in the turn in which the last attempt does, before any timer and any later turn', async () => {
    let later = false
    const immediate = setImmediate(() => {
      later = true
    })
    const { clock, fn, options } = failing(2)
    const promise = retry(async (attempt) => fn(attempt), options)
    expect(await outcome(promise)).toBe('pending')
    clock.advance(1)
    expect(await outcome(promise)).toBe('pending')
    clock.advance(2)
    expect(await outcome(promise)).toEqual({ value: 'attempt 3' })
    expect(later).toBe(false)
    clearImmediate(immediate)
  })

  it('treats a rejection like a throw, and awaits what is returned', async () => {
    const { clock, fn, options } = failing(1)
    const promise = retry(async (attempt) => fn(attempt), options)
    expect(await outcome(promise)).toBe('pending')
    expect(clock.getDelayedCalls().map((call) => call.getTime())).toEqual([1])
    clock.advance(1)
    expect(await outcome(promise)).toEqual({ value: 'attempt 2' })
  })

  it('uses equal jitter from one second by a factor of 1.5 when no policy is given', () => {
    const { clock, fn, options } = failing(Infinity)
    void retry(fn, { ...options, policy: undefined, random: () => 0.5 })
    expect(clock.getDelayedCalls()[0]?.getTime()).toBe(1.125)
  })

  it("runs on the process's reactor when no clock is given", async () => {
    const { clock, fn, options } = failing(1)
    setGlobalReactor(clock)
    try {
      const promise = retry(fn, { ...options, clock: undefined })
      clock.advance(1)
      expect(await promise).toBe('attempt 2')
    } finally {
      setGlobalReactor(undefined)
    }
  })

  describe('gives up', () => {
    it('with the very error of the last attempt when it is fatal', async () => {
      const { clock, attempts, errors, fn, options } = failing(Infinity)
      const isFatal = vi.fn<NonNullable<RetryOptions['isFatal']>>((_, attempt) => attempt === 2)
      const promise = retry(fn, { ...options, isFatal })
      clock.advance(1)
      expect(await outcome(promise)).toEqual({ error: errors[1] })
      expect(isFatal.mock.calls).toEqual([
        [errors[0], 1],
        [errors[1], 2],
      ])
      expect(attempts).toHaveLength(2)
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('BP-08 after maxAttempts, with the last error', async () => {
      const { clock, attempts, errors, fn, options } = failing(Infinity)
      const promise = retry(fn, { ...options, maxAttempts: 3 })
      clock.pump([1, 2])
      expect(attempts).toHaveLength(3)
      expect(await outcome(promise)).toEqual({ error: errors[2] })
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('BP-08 at once when the next attempt would begin after maxElapsed', async () => {
      const { clock, attempts, errors, fn, options } = failing(Infinity)
      const promise = retry(fn, { ...options, maxElapsed: '5.5s' })
      clock.pump([1, 2])
      expect(attempts).toHaveLength(3)
      expect(await outcome(promise)).toEqual({ error: errors[2] })
    })

    it('BP-08 not before an attempt that begins exactly at maxElapsed', () => {
      const { clock, attempts, fn, options } = failing(2)
      void retry(fn, { ...options, maxElapsed: 3 })
      clock.pump([1, 2])
      expect(attempts).toHaveLength(3)
    })

    it('when the policy answers Infinity', async () => {
      const { clock, errors, fn, options } = failing(Infinity)
      const promise = retry(fn, { ...options, policy: (failures) => (failures < 2 ? 1 : Infinity) })
      clock.advance(1)
      expect(await outcome(promise)).toEqual({ error: errors[1] })
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('with what isFatal throws', async () => {
      const { clock, fn, options } = failing(Infinity)
      const mistake = new Error('in isFatal')
      const promise = retry(fn, {
        ...options,
        isFatal: () => {
          throw mistake
        },
      })
      expect(await outcome(promise)).toEqual({ error: mistake })
      expect(clock.getDelayedCalls()).toEqual([])
    })
  })

  describe('the signal', () => {
    it('aborted beforehand keeps the function from being called', async () => {
      const { fn, attempts, options } = failing(0)
      const reason = new Error('beforehand')
      expect(await outcome(retry(fn, { ...options, signal: AbortSignal.abort(reason) }))).toEqual({
        error: reason,
      })
      expect(attempts).toEqual([])
    })

    it('DF-02 does nothing any more once there is a result, of which the attempt is not told either', async () => {
      const { attempts, fn, options } = failing(0)
      const controller = new AbortController()
      const promise = retry(fn, { ...options, signal: controller.signal })
      controller.abort(new Error('too late'))
      expect(await outcome(promise)).toEqual({ value: 'attempt 1' })
      expect(attempts[0]?.signal.aborted).toBe(false)
    })

    it('DF-02 lets an attempt that is told end with its own error, which is not heard any more', async () => {
      const controller = new AbortController()
      const order: string[] = []
      const promise = retry(
        ({ signal }) =>
          new Promise((_, reject) =>
            signal.addEventListener('abort', () => {
              order.push('the attempt is told')
              reject(new Error('its own'))
            }),
          ),
        { clock: new Clock(), log: silent, signal: controller.signal },
      )
      const settled = promise.catch((error: Error) => order.push(error.message))
      controller.abort(new Error('enough'))
      expect(order).toEqual(['the attempt is told'])
      await settled
      expect(order).toEqual(['the attempt is told', 'enough'])
    })

    it('ends a wait at once', async () => {
      const { clock, attempts, fn, options } = failing(Infinity)
      const controller = new AbortController()
      const promise = retry(fn, { ...options, signal: controller.signal })
      const reason = new Error('enough')
      controller.abort(reason)
      expect(clock.getDelayedCalls()).toEqual([])
      expect(await outcome(promise)).toEqual({ error: reason })
      clock.advance(100)
      expect(attempts).toHaveLength(1)
    })

    it.each(['resolve', 'reject'] as const)(
      'ends an attempt at once, tells it, and ignores a late %s',
      async (how) => {
        const controller = new AbortController()
        const settle = {} as Record<typeof how, (value: string) => void>
        const work = new Promise<string>((resolve, reject) => Object.assign(settle, { resolve, reject }))
        let seen: AbortSignal | undefined
        const clock = new Clock()
        const isFatal = vi.fn<() => boolean>(() => false)
        const promise = retry(
          ({ signal }) => {
            seen = signal
            return work
          },
          { clock, log: silent, signal: controller.signal, isFatal },
        )
        expect(seen?.aborted).toBe(false)
        const reason = new Error('enough')
        controller.abort(reason)
        expect(seen?.reason).toBe(reason)
        expect(await outcome(promise)).toEqual({ error: reason })
        settle[how]('late')
        expect(await outcome(promise)).toEqual({ error: reason })
        expect(isFatal).not.toHaveBeenCalled()
        expect(clock.getDelayedCalls()).toEqual([])
      },
    )

    it('may be aborted inside the function, isFatal and the policy', async () => {
      for (const where of ['fn', 'isFatal', 'policy']) {
        const controller = new AbortController()
        const reason = new Error(where)
        const { clock, fn, options } = failing(Infinity)
        const abortIn = (here: string) => {
          if (here === where) controller.abort(reason)
        }
        const promise = retry(
          (attempt) => {
            abortIn('fn')
            return fn(attempt)
          },
          {
            ...options,
            signal: controller.signal,
            isFatal: () => {
              abortIn('isFatal')
              return false
            },
            policy: () => {
              abortIn('policy')
              return 1
            },
          },
        )
        expect(await outcome(promise)).toEqual({ error: reason })
        expect(clock.getDelayedCalls()).toEqual([])
      }
    })

    it('is not listened to any more when all is over', async () => {
      const { signal } = new AbortController()
      const added = vi.spyOn(signal, 'addEventListener')
      const removed = vi.spyOn(signal, 'removeEventListener')
      const { fn, options } = failing(0)
      await retry(fn, { ...options, signal })
      expect(added).toHaveBeenCalledOnce()
      expect(removed.mock.calls).toEqual(added.mock.calls.map(([type, listener]) => [type, listener]))
    })

    it('of an attempt is its own: the attempts before have left no listeners there, and hear nothing', async () => {
      const { attempts, clock, fn, options } = failing(Infinity)
      const controller = new AbortController()
      const promise = retry(fn, { ...options, signal: controller.signal })
      clock.advance(1)
      expect(attempts).toHaveLength(2)
      controller.abort()
      await outcome(promise)
      expect(attempts[0]!.signal).not.toBe(attempts[1]!.signal)
      expect(attempts.map(({ signal }) => signal.aborted)).toEqual([false, true])
    })

    it('of an attempt is left alone when the attempt succeeds', async () => {
      const { attempts, fn, options } = failing(0)
      await retry(fn, options)
      expect(attempts[0]?.signal.aborted).toBe(false)
    })
  })

  describe('the timeout', () => {
    it('leaves no delayed call behind when an attempt succeeds before', async () => {
      const { clock, fn, options } = failing(1)
      const promise = retry(fn, { ...options, timeout: '10s' })
      expect(clock.getDelayedCalls()).toHaveLength(2)
      clock.advance(1)
      expect(await promise).toBe('attempt 2')
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('ends an attempt that never settles, and tells it', async () => {
      const clock = new Clock()
      let seen: AbortSignal | undefined
      const promise = retry(
        ({ signal }) => {
          seen = signal
          return new Promise(() => {})
        },
        { clock, log: silent, timeout: '10s' },
      )
      clock.advance(10)
      const { error } = (await outcome(promise)) as { error: Error }
      expect(error).toMatchObject({ code: 'ERR_SENNIT_TIMEOUT', timeout: 10 })
      expect(error.cause).toBeUndefined()
      expect(seen?.aborted).toBe(true)
    })

    it('ends a wait, and carries the last error as its cause', async () => {
      const { clock, errors, fn, options } = failing(Infinity)
      const promise = retry(fn, { ...options, timeout: '5s' })
      clock.pump([1, 2, 2])
      const { error } = (await outcome(promise)) as { error: Error }
      expect(error).toMatchObject({ code: 'ERR_SENNIT_TIMEOUT' })
      expect(error.cause).toBe(errors[2])
      expect(clock.getDelayedCalls()).toEqual([])
    })
  })

  describe('a policy that', () => {
    it.each([
      [
        'throws',
        () => {
          throw new Error('in the policy')
        },
      ],
      ['gives NaN', () => NaN],
      ['gives a negative delay', () => -1],
      ['gives no number', () => '3' as never],
    ])('%s is logged, and replaced for that time', (_, nonsense) => {
      const { clock, attempts, fn, options } = failing(Infinity)
      const warn = vi.fn<LogMethod>()
      const policy = (failures: number): Seconds => (failures === 1 ? nonsense() : 7)
      void retry(fn, { ...options, policy, random: () => 0, log: { ...silent, warn } })
      expect(warn).toHaveBeenCalledExactlyOnceWith(
        expect.objectContaining({ failures: 1 }),
        expect.any(String),
      )
      expect(clock.getDelayedCalls()[0]?.getTime()).toBe(0.75)
      clock.advance(0.75)
      expect(attempts).toHaveLength(2)
      expect(clock.getDelayedCalls()[0]?.getTime()).toBe(7.75)
    })
  })

  it('logs each failure that is followed by another attempt: the error, the attempt, and when the next one comes', async () => {
    const { clock, errors, fn, options } = failing(Infinity)
    const info = vi.fn<LogMethod>()
    const promise = retry(fn, { ...options, maxAttempts: 2, log: { ...silent, info } })
    clock.advance(1)
    await outcome(promise)
    expect(info.mock.calls.map(([fields]) => fields)).toEqual([{ err: errors[0], attempt: 1, retryIn: 1 }])
  })

  it.each([
    [{ maxAttempts: 0 }, 'ERR_SENNIT_BACKOFF_OPTION'],
    [{ maxAttempts: NaN }, 'ERR_SENNIT_BACKOFF_OPTION'],
    [{ maxAttempts: '3' as never }, 'ERR_SENNIT_BACKOFF_OPTION'],
    [{ policy: 3 as never }, 'ERR_SENNIT_BACKOFF_OPTION'],
    [{ isFatal: true as never }, 'ERR_SENNIT_BACKOFF_OPTION'],
    [{ maxElapsed: -1 }, 'ERR_SENNIT_DURATION'],
    [{ timeout: '1d' as never }, 'ERR_SENNIT_DURATION'],
  ])('refuses %o before the first attempt', (options: RetryOptions, code) => {
    const fn = vi.fn<() => void>()
    expect(() => void retry(fn, options)).toThrow(expect.objectContaining({ code }))
    expect(fn).not.toHaveBeenCalled()
  })

  it.each([
    ['a delay', () => 1],
    ['none', () => NaN],
    [
      'an error',
      () => {
        throw new Error('broken')
      },
    ],
  ])('goes on when the log throws, and the policy gives %s', async (_, policy) => {
    const { clock, fn, options } = failing(1)
    const ended = () => {
      throw new Error('the log has ended')
    }
    const log = { debug: ended, info: ended, warn: ended, error: ended }
    const promise = retry(fn, { ...options, policy, log })
    clock.advance(2)
    expect(await promise).toBe('attempt 2')
  })

  it("waits on the process's own timers when there is no reactor, and leaves none behind", async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    try {
      const { fn } = failing(1)
      const promise = retry(fn, { log: silent, policy: () => 1, timeout: '1m' })
      expect(vi.getTimerCount()).toBe(2)
      vi.advanceTimersByTime(999)
      expect(await outcome(promise)).toBe('pending')
      vi.advanceTimersByTime(1)
      expect([await promise, vi.getTimerCount()]).toEqual(['attempt 2', 0])
    } finally {
      vi.useRealTimers()
    }
  })

  it('refuses something that is no function', () => {
    expect(() => void retry('work' as never)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_BACKOFF_OPTION', option: 'fn' }),
    )
  })
})
