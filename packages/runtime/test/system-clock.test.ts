import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../src/index.ts'
import { SystemClock } from '../src/system-clock.ts'

describe('SystemClock', () => {
  let errors: { fields: object; message: string | undefined }[]
  let clock: SystemClock
  let keepsAlive: () => boolean

  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance', 'Date'],
    })
    errors = []
    const quiet = () => {}
    clock = new SystemClock({
      debug: quiet,
      info: quiet,
      warn: quiet,
      error: (fields, message) => errors.push({ fields, message }),
    })
    const handles = new Set<{ hasRef(): boolean }>()
    for (const [set, clear] of [
      ['setTimeout', 'clearTimeout'],
      ['setImmediate', 'clearImmediate'],
    ] as const) {
      const realSet = globalThis[set] as (...args: unknown[]) => { hasRef(): boolean }
      const realClear = globalThis[clear] as (handle: unknown) => void
      vi.spyOn(globalThis, set).mockImplementation(((f: () => void, ms?: number) => {
        const handle = realSet(() => (handles.delete(handle), f()), ms)
        handles.add(handle)
        return handle
      }) as never)
      vi.spyOn(globalThis, clear).mockImplementation(((handle: never) => {
        handles.delete(handle)
        realClear(handle)
      }) as never)
    }
    keepsAlive = () => [...handles].some((handle) => handle.hasRef())
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
  })

  it('RX-01 has the seconds, later calls with arguments, and the pending ones', () => {
    const seen: unknown[] = []
    const start = clock.seconds()
    const call = clock.callLater(1.5, (a: number, b: number) => seen.push(a, b), 1, 2)
    const cancelled = clock.callLater(1, () => seen.push('cancelled'))
    cancelled.cancel()
    expect(call.getTime()).toBeCloseTo(start + 1.5, 6)
    expect(clock.getDelayedCalls()).toEqual([call])
    vi.advanceTimersByTime(1499)
    expect(seen).toEqual([])
    vi.advanceTimersByTime(1)
    expect(seen).toEqual([1, 2])
    expect(clock.getDelayedCalls()).toEqual([])
    expect(clock.seconds()).toBeCloseTo(start + 1.5, 3)
  })

  it.each([-1, -1e-9, Number.NaN, undefined, '1'])('RX-02 refuses the delay %s', (delay) => {
    expect(() => clock.callLater(delay as number, () => {})).toThrow(
      expect.objectContaining({ name: 'DelayError', code: 'ERR_SENNIT_DELAY' }),
    )
  })

  it('RX-03 refuses what is no function', () => {
    expect(() => clock.callLater(1, undefined as never)).toThrow(TypeError)
  })

  it('RX-02 a call without delay runs in a later turn', () => {
    let ran = false
    clock.callLater(0, () => (ran = true))
    expect(ran).toBe(false)
    vi.advanceTimersByTime(0)
    expect(ran).toBe(true)
  })

  it('RX-08 an error of a call is logged; the others run', () => {
    const seen: string[] = []
    const error = new Error('broken')
    clock.callLater(1, () => {
      throw error
    })
    clock.callLater(1, () => seen.push('same turn'))
    clock.callLater(2, () => seen.push('later turn'))
    vi.advanceTimersByTime(2000)
    expect(seen).toEqual(['same turn', 'later turn'])
    expect(errors).toEqual([{ fields: { err: error }, message: 'A delayed call threw' }])
  })

  it('RX-08 an error of a call holds the others up no more when the log throws as well', () => {
    const broken = () => {
      throw new Error('the log has ended')
    }
    const alone = new SystemClock({ debug: broken, info: broken, warn: broken, error: broken })
    const order: number[] = []
    alone.callLater(0, broken)
    for (const n of [1, 2]) alone.callLater(0, () => order.push(n))
    vi.advanceTimersToNextTimer()
    expect(order).toEqual([1, 2])
  })

  it('RX-09 calls that are due in one turn run in order of time, equal ones in the order of scheduling', () => {
    const seen: string[] = []
    clock.callLater(0.003, () => seen.push('3'))
    clock.callLater(0.001, () => seen.push('1a'))
    clock.callLater(0.001, () => seen.push('1b'))
    clock.callLater(0.002, () => seen.push('2'))
    vi.advanceTimersByTime(10)
    expect(seen).toEqual(['1a', '1b', '2', '3'])
  })

  it('RX-09 a call without delay that is made by a call waits for the next turn', () => {
    const turns: string[] = []
    clock.callLater(0.001, () => {
      turns.push('a')
      clock.callLater(0, () => turns.push('c'))
      setImmediate(() => turns.push('turn'))
    })
    clock.callLater(0.001, () => turns.push('b'))
    vi.advanceTimersByTime(1)
    expect(turns.slice(0, 2)).toEqual(['a', 'b'])
    vi.advanceTimersByTime(1)
    expect(turns.toSorted()).toEqual(['a', 'b', 'c', 'turn'])
  })

  it('a call without delay that repeats itself lets timers and turns pass', () => {
    let runs = 0
    const again = () => {
      if (++runs < 1000) clock.callLater(0, again)
    }
    clock.callLater(0, again)
    let passed = false
    setTimeout(() => (passed = true), 1)
    vi.advanceTimersToNextTimer()
    expect(runs).toBe(1)
    vi.advanceTimersByTime(1)
    expect(passed).toBe(true)
  })

  it('RX-10 does not follow the time of day', () => {
    const before = clock.seconds()
    vi.setSystemTime(Date.now() + 3_600_000)
    expect(clock.seconds()).toBe(before)
    expect(systemClock.seconds()).toBe(before)
  })

  it('fault 33: waits longer than the platform can', () => {
    const days = 40 * 86_400
    let ran = false
    clock.callLater(days, () => (ran = true))
    vi.advanceTimersByTime(2 ** 31)
    expect(ran).toBe(false)
    vi.advanceTimersByTime(days * 1000 - 2 ** 31 - 1)
    expect(ran).toBe(false)
    vi.advanceTimersByTime(2)
    expect(ran).toBe(true)
  })

  it('fault 33: an infinite delay never comes', () => {
    let ran = false
    const call = clock.callLater(Infinity, () => (ran = true))
    vi.advanceTimersByTime(2 ** 33)
    expect(ran).toBe(false)
    expect(call.active()).toBe(true)
    call.reset(1)
    vi.advanceTimersByTime(1000)
    expect(ran).toBe(true)
  })

  it('has one platform timer however many calls there are', () => {
    for (let i = 0; i < 100; i++) clock.callLater(1 + i, () => {})
    expect(vi.getTimerCount()).toBe(1)
    for (const call of clock.getDelayedCalls()) call.cancel()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('neither a later call nor putting the first off sets the platform timer anew', () => {
    const first = clock.callLater(1, () => {})
    expect(setTimeout).toHaveBeenCalledTimes(1)
    for (let i = 0; i < 10; i++) {
      clock.callLater(20 + i, () => {})
      first.delay(1)
    }
    expect(setTimeout).toHaveBeenCalledTimes(1)
  })

  it('a call that becomes the first, by scheduling or by a move, is in time', () => {
    const seen: string[] = []
    const late = clock.callLater(10, () => seen.push('late'))
    clock.callLater(5, () => seen.push('early'))
    late.reset(1)
    vi.advanceTimersByTime(1000)
    expect(seen).toEqual(['late'])
    vi.advanceTimersByTime(4000)
    expect(seen).toEqual(['late', 'early'])
  })

  it('a first call that moves to later leaves the others in time', () => {
    const seen: string[] = []
    const first = clock.callLater(1, () => seen.push('first'))
    clock.callLater(2, () => seen.push('second'))
    first.delay(5)
    vi.advanceTimersByTime(2000)
    expect(seen).toEqual(['second'])
    vi.advanceTimersByTime(4000)
    expect(seen).toEqual(['second', 'first'])
  })

  it('keeps the process alive as long as a call does', () => {
    const a = clock.callLater(1, () => {})
    expect(keepsAlive()).toBe(true)
    a.unref()
    expect(keepsAlive()).toBe(false)
    const b = clock.callLater(2, () => {})
    expect(keepsAlive()).toBe(true)
    b.cancel()
    expect(keepsAlive()).toBe(false)
    a.ref()
    expect(keepsAlive()).toBe(true)
    a.unref()
    const zero = clock.callLater(0, () => {})
    expect(keepsAlive()).toBe(true)
    zero.unref()
    expect(keepsAlive()).toBe(false)
  })
})
