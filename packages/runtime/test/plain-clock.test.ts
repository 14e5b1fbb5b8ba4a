import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { plainClock } from '../src/plain-clock.ts'

describe('plainClock', () => {
  let calls: number[]
  const call = (): void => void calls.push(plainClock.seconds())

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    calls = []
  })

  afterEach(() => {
    vi.useRealTimers()
  })

  it('calls once, when the time has come, and never inside the call', () => {
    const began = plainClock.seconds()
    const now = plainClock.callLater(0, call)
    const later = plainClock.callLater(1.5, call)
    expect([calls, now.active(), later.active()]).toEqual([[], true, true])
    vi.advanceTimersByTime(1499)
    expect([calls.length, now.active(), later.active()]).toEqual([1, false, true])
    vi.advanceTimersByTime(1)
    expect(later.active()).toBe(false)
    expect(calls[1]! - began).toBeCloseTo(1.5, 9)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not call what was cancelled', () => {
    const { active, cancel } = plainClock.callLater(1, call)
    cancel()
    expect([active(), vi.getTimerCount()]).toEqual([false, 0])
    vi.advanceTimersByTime(2000)
    expect(calls).toEqual([])
  })

  it('waits longer than a timer of Node can', () => {
    const days = 40
    plainClock.callLater(days * 86_400, call)
    vi.advanceTimersByTime(days * 86_400_000 - 1)
    expect(calls).toEqual([])
    vi.advanceTimersByTime(1)
    expect(calls.length).toBe(1)
  })

  it('is active no more while it is called', () => {
    let wasActive: boolean | undefined
    const { active } = plainClock.callLater(1, () => (wasActive = active()))
    vi.advanceTimersByTime(1000)
    expect(wasActive).toBe(false)
  })
})
