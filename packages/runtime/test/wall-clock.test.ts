import { afterEach, describe, expect, it, vi } from 'vitest'
import { wallClock } from '../src/index.ts'

describe('wallClock', () => {
  afterEach(() => void vi.useRealTimers())

  it('tells seconds since 1970', () => {
    vi.useFakeTimers({ now: 1_500, toFake: ['Date'] })
    expect(wallClock.now()).toBe(1.5)
  })
})
