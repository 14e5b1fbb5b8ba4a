import { describe, expect, it } from 'vitest'
import { bounded } from '../src/internal.ts'
import { Clock } from '../src/index.ts'

const never = new Promise<never>(() => {})

describe('bounded', () => {
  it('settles as the promise does', async () => {
    const clock = new Clock()
    const { signal } = new AbortController()
    const error = new Error('broken')
    expect(await bounded(Promise.resolve(1), {}, clock)).toBe(1)
    expect(await bounded(Promise.resolve(1), { signal, timeout: '5s' }, clock)).toBe(1)
    await expect(bounded(Promise.reject(error), { signal, timeout: '5s' }, clock)).rejects.toBe(error)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('rejects with a TimeoutError that names what took too long', async () => {
    const clock = new Clock()
    const promise = bounded(never, { timeout: '5s' }, clock, 'The start')
    clock.advance(5)
    await expect(promise).rejects.toMatchObject({
      name: 'TimeoutError',
      code: 'ERR_SENNIT_TIMEOUT',
      timeout: 5,
      message: 'The start took longer than 5 s',
    })
  })

  it('rejects with the reason of the signal, and takes the timer back', async () => {
    const clock = new Clock()
    const controller = new AbortController()
    const promise = bounded(never, { signal: controller.signal, timeout: 5 }, clock)
    const reason = new Error('stop')
    controller.abort(reason)
    await expect(promise).rejects.toBe(reason)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('rejects at once when the signal is aborted already', async () => {
    const clock = new Clock()
    const reason = new Error('stop')
    const promise = bounded(never, { signal: AbortSignal.abort(reason), timeout: 5 }, clock)
    expect(clock.getDelayedCalls()).toEqual([])
    await expect(promise).rejects.toBe(reason)
  })

  it('has no timer for an infinite timeout', async () => {
    const clock = new Clock()
    const promise = bounded(Promise.resolve('late'), { timeout: Infinity }, clock)
    expect(clock.getDelayedCalls()).toEqual([])
    expect(await promise).toBe('late')
  })

  it('a rejection after the end is no unhandled one', async () => {
    const clock = new Clock()
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', note)
    try {
      let reject!: (reason: Error) => void
      const promise = new Promise<void>((_, no) => (reject = no))
      const first = bounded(promise, { timeout: 1 }, clock)
      const second = bounded(promise, { timeout: -1 }, clock)
      clock.advance(1)
      await expect(first).rejects.toMatchObject({ code: 'ERR_SENNIT_TIMEOUT' })
      await expect(second).rejects.toMatchObject({ code: 'ERR_SENNIT_DURATION' })
      reject(new Error('late'))
      await new Promise((resolve) => setImmediate(resolve))
      expect(unhandled).toEqual([])
    } finally {
      process.off('unhandledRejection', note)
    }
  })
})
