import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LateKeepAlive } from '../src/late-keep-alive.ts'

describe('LateKeepAlive', () => {
  let started: [name: string, delay: number][]

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    started = []
  })
  afterEach(() => void vi.useRealTimers())

  const connection = (name: string) => ({
    youngSeat: -1,
    startProbing: (delay: number) => void started.push([name, delay]),
  })

  it('fault 2: starts probing within a second, so much earlier that the budget is kept', () => {
    const late = LateKeepAlive.for(5_000)!
    late.add(connection('a'))
    vi.advanceTimersByTime(600)
    late.add(connection('b'))
    expect(started).toEqual([])
    vi.advanceTimersByTime(400)
    expect(started).toEqual([
      ['a', 4_000],
      ['b', 4_000],
    ])
    late.add(connection('c'))
    vi.advanceTimersByTime(1_000)
    expect(started.slice(2)).toEqual([['c', 4_000]])
    vi.advanceTimersByTime(10_000)
    expect(started).toHaveLength(3)
  })

  it('leaves alone what has gone', () => {
    const late = LateKeepAlive.for(5_000)!
    const [gone, there] = [connection('gone'), connection('there')]
    late.add(gone)
    late.add(there)
    late.delete(gone)
    vi.advanceTimersByTime(1_000)
    expect(started).toEqual([['there', 4_000]])
  })

  it('does not keep the process alive', () => {
    const timer = vi.spyOn(globalThis, 'setTimeout')
    LateKeepAlive.for(5_000)!.add(connection('a'))
    expect((timer.mock.results[0]!.value as NodeJS.Timeout).hasRef()).toBe(false)
    timer.mockRestore()
  })

  it.each([undefined, 0, 1_000])('is none for a delay of %s', (delay) => {
    expect(LateKeepAlive.for(delay)).toBeUndefined()
  })
})
