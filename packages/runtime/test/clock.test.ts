import { describe, expect, it } from 'vitest'
import { Clock } from '../src/index.ts'

describe('Clock', () => {
  it('CK-01 callLater returns an active call that is due after the delay', () => {
    const clock = new Clock()
    clock.advance(3)
    const call = clock.callLater(2, () => {})
    expect(call.getTime()).toBe(5)
    expect(call.active()).toBe(true)
  })

  it('CK-01 hands the arguments on', () => {
    const clock = new Clock()
    const seen: unknown[] = []
    clock.callLater(1, (a: number, b: string) => seen.push(a, b), 1, 'two')
    clock.advance(1)
    expect(seen).toEqual([1, 'two'])
  })

  it('CK-01 starts at zero and stands still', () => {
    const clock = new Clock()
    expect(clock.seconds()).toBe(0)
    expect(clock.seconds()).toBe(0)
  })

  it('CK-02 advance moves the time, then runs what is due in order of time', () => {
    const clock = new Clock()
    const seen: [string, number][] = []
    clock.callLater(3, () => seen.push(['c', clock.seconds()]))
    clock.callLater(1, () => seen.push(['a', clock.seconds()]))
    clock.callLater(2, () => seen.push(['b', clock.seconds()]))
    clock.callLater(4, () => seen.push(['d', clock.seconds()]))
    clock.advance('3s')
    expect(seen).toEqual([
      ['a', 3],
      ['b', 3],
      ['c', 3],
    ])
  })

  it('CK-03 CK-04 a call without delay that is made during an advance runs in the next one', () => {
    const clock = new Clock()
    let runs = 0
    const again = () => {
      runs++
      clock.callLater(0, again)
    }
    clock.callLater(0, again)
    clock.advance(10)
    expect(runs).toBe(1)
    clock.advance(0)
    expect(runs).toBe(2)
  })

  it('CK-02 a negative delay inside a call does not hold back what is due', () => {
    const clock = new Clock()
    const seen: string[] = []
    clock.callLater(1, () => {
      seen.push('a')
      clock.callLater(-3, () => seen.push('negative'))
    })
    clock.callLater(2, () => seen.push('b'))
    clock.advance(2)
    expect(seen).toEqual(['a', 'b'])
    clock.advance(0)
    expect(seen).toEqual(['a', 'b', 'negative'])
  })

  it('CK-05 equal times run in the order of scheduling', () => {
    const clock = new Clock()
    const seen: number[] = []
    for (let i = 0; i < 50; i++) clock.callLater(1, () => seen.push(i))
    clock.advance(1)
    expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })

  it('CK-06 pump advances by each amount', () => {
    const clock = new Clock()
    const seen: number[] = []
    const tick = () => {
      seen.push(clock.seconds())
      clock.callLater(1, tick)
    }
    clock.callLater(1, tick)
    clock.pump([1, '500ms', 0.5, 2, 1])
    expect(seen).toEqual([1, 2, 4, 5])
  })

  it('CK-07 getDelayedCalls tells what is pending only', () => {
    const clock = new Clock()
    expect(clock.getDelayedCalls()).toEqual([])
    const a = clock.callLater(1, () => {})
    const b = clock.callLater(2, () => {})
    const c = clock.callLater(3, () => {})
    expect(new Set(clock.getDelayedCalls())).toEqual(new Set([a, b, c]))
    b.cancel()
    clock.advance(1)
    expect(clock.getDelayedCalls()).toEqual([c])
  })

  it('CK-07 the list is a snapshot', () => {
    const clock = new Clock()
    const before = clock.getDelayedCalls()
    clock.callLater(1, () => {})
    expect(before).toEqual([])
  })

  it.each([
    ['later', 3, ['b', 'a']],
    ['sooner', 0.5, ['a', 'b']],
  ])('CK-08 keeps the order after a reset to %s', (_, seconds, order) => {
    const clock = new Clock()
    const seen: string[] = []
    const a = clock.callLater(1.5, () => seen.push('a'))
    clock.callLater(1, () => seen.push('b'))
    a.reset(seconds)
    clock.advance(5)
    expect(seen).toEqual(order)
  })

  it.each([
    ['reset', 'sooner', ['a', 'c', 'b']],
    ['reset', 'later', ['a', 'b', 'c']],
    ['delay', 'sooner', ['a', 'c', 'b']],
    ['delay', 'later', ['a', 'b', 'c']],
  ] as const)('CK-08 keeps the order after a %s to %s from inside a call', (method, direction, order) => {
    const clock = new Clock()
    const seen: string[] = []
    clock.callLater(1, () => {
      seen.push('a')
      if (method === 'reset') c.reset(direction === 'sooner' ? 0 : 20)
      else c.delay(direction === 'sooner' ? -10 : 10)
    })
    clock.callLater(2, () => seen.push('b'))
    const c = clock.callLater(5, () => seen.push('c'))
    clock.pump([1, 0, 30])
    expect(seen).toEqual(order)
  })

  it('CK-08 a call that another one brings forward runs in the same advance, and holds nothing back', () => {
    const clock = new Clock()
    const seen: string[] = []
    clock.callLater(1, () => {
      seen.push('a')
      late.delay(-8)
    })
    clock.callLater(3, () => seen.push('b'))
    const late = clock.callLater(10, () => seen.push('late'))
    clock.advance(3)
    expect(seen).toEqual(['a', 'late', 'b'])
  })

  it('CK-09 RX-06 a call cannot cancel itself while it runs', () => {
    const clock = new Clock()
    const call = clock.callLater(1, () => call.cancel())
    expect(() => clock.advance(1)).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_ALREADY_CALLED' }))
    expect(call.active()).toBe(false)
  })

  it('CK-10 a call that throws ends the advance; what is left runs in the next', () => {
    const clock = new Clock()
    const seen: string[] = []
    clock.callLater(1, () => {
      throw new Error('broken')
    })
    clock.callLater(1, () => seen.push('b'))
    clock.callLater(2, () => seen.push('c'))
    expect(() => clock.advance(2)).toThrow('broken')
    expect(clock.seconds()).toBe(2)
    expect(seen).toEqual([])
    expect(clock.getDelayedCalls()).toHaveLength(2)
    clock.advance(0)
    expect(seen).toEqual(['b', 'c'])
  })

  it('CK-11 accepts a negative delay, which means the next advance', () => {
    const clock = new Clock()
    let ran = false
    clock.callLater(-5, () => (ran = true))
    expect(ran).toBe(false)
    clock.advance(0)
    expect(ran).toBe(true)
  })

  it.each([Number.NaN, undefined, '1'])('refuses the delay %s', (delay) => {
    expect(() => new Clock().callLater(delay as number, () => {})).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DELAY' }),
    )
  })

  it('refuses what is no function', () => {
    expect(() => new Clock().callLater(1, 'f' as never)).toThrow(TypeError)
  })

  it.each([-1, Number.NaN, '1 s'])('refuses to advance by %j and leaves the time as it is', (amount) => {
    const clock = new Clock()
    expect(() => clock.advance(amount as number)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }),
    )
    expect(clock.seconds()).toBe(0)
  })

  it('an advance inside a call runs what is due then, each call once', () => {
    const clock = new Clock()
    const seen: string[] = []
    clock.callLater(1, () => {
      seen.push('a')
      clock.advance(5)
    })
    clock.callLater(3, () => seen.push('b'))
    clock.advance(1)
    expect(seen).toEqual(['a', 'b'])
    expect(clock.seconds()).toBe(6)
  })
})
