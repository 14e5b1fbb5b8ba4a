import { afterEach, describe, expect, it, vi } from 'vitest'
import { Clock, wallClock } from '../src/index.ts'
import { wallClockOf } from '../src/internal.ts'

describe('wallClock', () => {
  afterEach(() => void vi.useRealTimers())

  it('tells seconds since 1970', () => {
    vi.useFakeTimers({ now: 1_500, toFake: ['Date'] })
    expect(wallClock.now()).toBe(1.5)
  })
})

describe('wallClockOf', () => {
  it('is the reactor itself when it knows the time of day, else the system’s', () => {
    const reactor = Object.assign(new Clock(), { now: () => 5 })
    expect(wallClockOf(reactor)).toBe(reactor)
    expect(wallClockOf(new Clock())).toBe(wallClock)
    expect(wallClockOf(undefined)).toBe(wallClock)
  })
})
