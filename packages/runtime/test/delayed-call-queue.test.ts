import { beforeEach, describe, expect, it } from 'vitest'
import { type DelayedCall, DelayedCallQueue } from '../src/internal.ts'
import { Clock } from '../src/index.ts'

describe('DelayedCall', () => {
  let clock: Clock
  beforeEach(() => {
    clock = new Clock()
  })

  const methods = [
    ['cancel', (call: ReturnType<Clock['callLater']>) => call.cancel()],
    ['delay', (call: ReturnType<Clock['callLater']>) => call.delay(1)],
    ['reset', (call: ReturnType<Clock['callLater']>) => call.reset(1)],
  ] as const

  it.each(methods)('RX-04 %s of a cancelled call throws AlreadyCancelled', (_, method) => {
    const call = clock.callLater(1, () => {})
    call.cancel()
    expect(() => method(call)).toThrow(
      expect.objectContaining({ name: 'AlreadyCancelled', code: 'ERR_SENNIT_ALREADY_CANCELLED' }),
    )
  })

  it.each(methods)('RX-04 %s of a call that has run throws AlreadyCalled', (_, method) => {
    const call = clock.callLater(1, () => {})
    clock.advance(1)
    expect(() => method(call)).toThrow(
      expect.objectContaining({ name: 'AlreadyCalled', code: 'ERR_SENNIT_ALREADY_CALLED' }),
    )
  })

  it('RX-05 delay adds to the scheduled time, and may be negative', () => {
    const call = clock.callLater(10, () => {})
    clock.advance(2)
    call.delay(5)
    expect(call.getTime()).toBe(15)
    call.delay(-7)
    expect(call.getTime()).toBe(8)
  })

  it('RX-05 reset counts from now, to earlier or later', () => {
    const call = clock.callLater(10, () => {})
    clock.advance(2)
    call.reset(20)
    expect(call.getTime()).toBe(22)
    call.reset(1)
    expect(call.getTime()).toBe(3)
  })

  it('RX-05 is active until it is called or cancelled', () => {
    const called = clock.callLater(1, () => {})
    const cancelled = clock.callLater(1, () => {})
    expect([called.active(), cancelled.active()]).toEqual([true, true])
    cancelled.cancel()
    clock.advance(1)
    expect([called.active(), cancelled.active()]).toEqual([false, false])
  })

  it.each([-1, Number.NaN, undefined, '1'])('reset refuses %j', (seconds) => {
    const call = clock.callLater(1, () => {})
    expect(() => call.reset(seconds as number)).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_DELAY' }))
    expect(call.getTime()).toBe(1)
  })

  it.each([Number.NaN, undefined, '1'])('delay refuses %j', (seconds) => {
    const call = clock.callLater(1, () => {})
    expect(() => call.delay(seconds as number)).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_DELAY' }))
  })

  it('RX-06 counts as called before its function runs', () => {
    let active: boolean | undefined
    const call = clock.callLater(1, () => (active = call.active()))
    clock.advance(1)
    expect(active).toBe(false)
  })

  it('RX-07 forgets function and arguments when it is cancelled, and when it has run', () => {
    const cancelled = clock.callLater(1, (x: object) => void x, { big: true })
    const called = clock.callLater(1, (x: object) => void x, { big: true })
    cancelled.cancel()
    clock.advance(1)
    // All that is left is when it was due.
    for (const call of [cancelled, called]) expect(call.callback).toBe(1)
  })

  it('RX-11 its text shows the seconds left, or that it was called or cancelled, and the function', () => {
    function flush() {}
    const call = clock.callLater(3, flush)
    const other = clock.callLater(3, () => {})
    clock.advance(1.5)
    expect(String(call)).toBe('DelayedCall(flush, in 1.500 s)')
    other.cancel()
    expect(String(other)).toBe('DelayedCall(call, cancelled)')
    clock.advance(2)
    expect(String(call)).toBe('DelayedCall(call, called)')
    function send(_to: string) {}
    expect(String(clock.callLater(1, send, 'a'))).toBe('DelayedCall(send, in 1.000 s)')
  })
})

describe('DelayedCallQueue', () => {
  it('yields the calls in order of time, then of scheduling, after random changes', () => {
    let state = 42
    const random = () => (state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31
    const queue = new DelayedCallQueue(() => 0)
    const got: DelayedCall[] = []
    const calls = Array.from({ length: 500 }, () => {
      const call: DelayedCall = queue.add(Math.floor(random() * 50), () => got.push(call))
      return call
    })
    for (const call of calls) {
      const die = random()
      if (die < 0.2) call.cancel()
      else if (die < 0.4) call.delay(Math.floor(random() * 40) - 20)
      else if (die < 0.6) call.reset(Math.floor(random() * 50))
    }
    const expected = calls
      .filter((call) => call.active())
      .toSorted((a, b) => a.getTime() - b.getTime() || a.order - b.order)
    expect(queue.size).toBe(expected.length)
    while (queue.size > 0) queue.shift()()
    expect(got).toEqual(expected)
    expect(queue.size).toBe(0)
  })

  it('holds no memory for cancelled calls', () => {
    const queue = new DelayedCallQueue(() => 0)
    for (let i = 0; i < 1000; i++) queue.add(i, () => {}).cancel()
    expect(queue.size).toBe(0)
    expect(queue.pending()).toEqual([])
  })

  it('counts the calls that keep the process alive', () => {
    const queue = new DelayedCallQueue(() => 0)
    const a = queue.add(1, () => {})
    const b = queue.add(2, () => {})
    expect(queue.alive).toBe(2)
    a.unref()
    a.unref()
    expect(queue.alive).toBe(1)
    a.ref()
    expect(queue.alive).toBe(2)
    a.unref()
    a.cancel()
    a.ref()
    expect(queue.alive).toBe(1)
    b.cancel()
    expect(queue.alive).toBe(0)
  })

  it('tells when a later call is the first that keeps the process alive', () => {
    let changes = 0
    const queue = new DelayedCallQueue(
      () => 0,
      () => changes++,
    )
    queue.add(1, () => {}).unref()
    changes = 0
    queue.add(2, () => {})
    expect(changes).toBe(1)
    queue.add(3, () => {})
    expect(changes).toBe(1)
  })
})
