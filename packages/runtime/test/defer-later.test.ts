import { describe, expect, it, vi } from 'vitest'
import { Clock, deferLater, realTurn } from '../src/index.ts'

describe('deferLater', () => {
  it('CK-12 yields what the function returns, after the delay', async () => {
    const clock = new Clock()
    let ran = false
    const promise = deferLater(clock, '2s', () => {
      ran = true
      return 'value'
    })
    clock.advance(1)
    expect(ran).toBe(false)
    clock.advance(1)
    expect(ran).toBe(true)
    expect(await promise).toBe('value')
  })

  it('CK-12 waits for a promise that the function returns', async () => {
    const clock = new Clock()
    const promise = deferLater(clock, 1, async () => 7)
    clock.advance(1)
    expect(await promise).toBe(7)
  })

  it('CK-12 yields nothing without a function', async () => {
    const clock = new Clock()
    const promise = deferLater(clock, 1)
    clock.advance(1)
    expect(await promise).toBeUndefined()
  })

  it('CK-12 rejects with what the function throws', async () => {
    const clock = new Clock()
    const error = new Error('broken')
    const promise = deferLater(clock, 1, () => {
      throw error
    })
    clock.advance(1)
    await expect(promise).rejects.toBe(error)
  })

  it('CK-13 DF-02 an abort takes the call back and rejects with the reason', async () => {
    const clock = new Clock()
    const controller = new AbortController()
    const reason = new Error('no longer wanted')
    let ran = false
    const promise = deferLater(clock, 1, () => (ran = true), { signal: controller.signal })
    controller.abort(reason)
    await expect(promise).rejects.toBe(reason)
    expect(clock.getDelayedCalls()).toEqual([])
    clock.advance(1)
    expect(ran).toBe(false)
  })

  it('CK-13 a signal that is aborted already schedules nothing', async () => {
    const clock = new Clock()
    await expect(deferLater(clock, 1, () => {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('CK-13 DF-02 an abort after the call changes nothing', async () => {
    const clock = new Clock()
    const controller = new AbortController()
    const promise = deferLater(clock, 1, () => 'done', { signal: controller.signal })
    clock.advance(1)
    controller.abort()
    expect(await promise).toBe('done')
  })

  it('DF-02 an abort while the function is not done yet rejects with the reason; what it yields then is ignored', async () => {
    const clock = new Clock()
    const controller = new AbortController()
    const { signal } = controller
    let finish!: (error: Error) => void
    const promise = deferLater(clock, 1, () => new Promise<void>((_, reject) => (finish = reject)), {
      signal,
    })
    clock.advance(1)
    const reason = new Error('no longer wanted')
    controller.abort(reason)
    await expect(promise).rejects.toBe(reason)
    finish(new Error('late'))
    await realTurn()
    await expect(promise).rejects.toBe(reason)
  })

  it('CK-12 leaves no listener at the signal when a promise that the function returns settles', async () => {
    const clock = new Clock()
    const { signal } = new AbortController()
    const added = vi.spyOn(signal, 'addEventListener')
    const removed = vi.spyOn(signal, 'removeEventListener')
    const promise = deferLater(clock, 1, async () => 7, { signal })
    clock.advance(1)
    expect(await promise).toBe(7)
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length)
  })

  it('rejects for a delay that is none', async () => {
    await expect(deferLater(new Clock(), -1)).rejects.toMatchObject({ code: 'ERR_SENNIT_DURATION' })
  })
})
