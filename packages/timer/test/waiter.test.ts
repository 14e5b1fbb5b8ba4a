import { describe, expect, it, vi } from 'vitest'
import { makeWaiter } from '../src/waiter.ts'

describe('makeWaiter', () => {
  it('makes a promise that is settled from outside', async () => {
    const fulfilled = makeWaiter()
    fulfilled.resolve()
    await expect(fulfilled.promise).resolves.toBeUndefined()
    const failed = makeWaiter()
    const failure = new Error('from outside')
    failed.reject(failure)
    await expect(failed.promise).rejects.toBe(failure)
  })

  it('makes a promise that nobody has to await', async () => {
    const unhandled = vi.fn<() => void>()
    process.on('unhandledRejection', unhandled)
    makeWaiter().reject(new Error('nobody awaits'))
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
})
