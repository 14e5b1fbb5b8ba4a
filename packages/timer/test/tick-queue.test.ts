import { describe, expect, it, vi } from 'vitest'
import { Clock } from '@sennit/runtime'
import { type Tick, TickQueue } from '../src/tick-queue.ts'

/** An entry that is due at the given times, one after another. */
function entry(queue: TickQueue, times: number[], { keepsAlive = true, ticked = () => {} } = {}) {
  const seen: number[] = []
  const tick: Tick & { readonly seen: number[] } = {
    place: -1,
    order: queue.nextOrder(),
    keepsAlive,
    seen,
    tick(now) {
      seen.push(now)
      ticked()
      if (tick.place < 0) return now
      const due = times.shift()
      if (due === undefined) queue.remove(tick)
      else queue.postpone(tick, due)
      return now
    },
  }
  queue.add(tick, times.shift()!)
  return tick
}

const pendingTimes = (clock: Clock) => clock.getDelayedCalls().map((call) => call.getTime())

describe('TickQueue', () => {
  it('is one for a clock, whoever asks', () => {
    const clock = new Clock()
    expect(TickQueue.of(clock)).toBe(TickQueue.of(clock))
    expect(TickQueue.of(clock)).not.toBe(TickQueue.of(new Clock()))
  })

  it('needs one delayed call for all entries, and none when it is empty', () => {
    const clock = new Clock()
    const queue = TickQueue.of(clock)
    const entries = [5, 3, 9, 1, 7].map((time) => entry(queue, [time]))
    expect(pendingTimes(clock)).toEqual([1])
    clock.advance(3)
    expect(pendingTimes(clock)).toEqual([5])
    for (const each of entries) queue.remove(each)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('wakes for whatever is first: also when that is added, taken out or moved', () => {
    const clock = new Clock()
    const queue = TickQueue.of(clock)
    const late = entry(queue, [10])
    const early = entry(queue, [4])
    expect(pendingTimes(clock)).toEqual([4])
    queue.remove(early)
    expect(pendingTimes(clock)).toEqual([10])
    const other = entry(queue, [12])
    queue.postpone(late, 15)
    expect(queue.due(late)).toBe(15)
    expect(pendingTimes(clock)).toEqual([12])
    queue.remove(late)
    queue.remove(late)
    expect(pendingTimes(clock)).toEqual([12])
    expect(queue.due(other)).toBe(12)
    expect(late.place).toBe(-1)
  })

  it('runs everything that is due in order of time, and at the same time in order of entry', () => {
    const clock = new Clock()
    const queue = TickQueue.of(clock)
    const ran: string[] = []
    const named = (name: string, times: number[]) => entry(queue, times, { ticked: () => ran.push(name) })
    named('c', [2, 4])
    named('a', [1, 4])
    named('d', [2, 4])
    named('b', [1, 4])
    named('e', [3, 4])
    clock.advance(3)
    expect(ran.join('')).toBe('abcde')
    clock.advance(1)
    expect(ran.join('')).toBe('abcdecadbe')
  })

  it('keeps the order of ten thousand entries through additions, removals and moves', () => {
    const clock = new Clock()
    const queue = TickQueue.of(clock)
    let seed = 1
    const random = () => {
      seed = (seed * 48271) % 2147483647
      return seed / 2147483647
    }
    const late: number[] = []
    const entries = Array.from({ length: 10_000 }, () => {
      const first = Math.floor(random() * 1000)
      const each = entry(queue, [first, first + 1 + Math.floor(random() * 1000)], {
        ticked: () => {
          if (queue.due(each) !== clock.seconds()) late.push(queue.due(each))
        },
      })
      return each
    })
    for (const [index, each] of entries.entries()) if (index % 3 === 0) queue.remove(each)
    for (let next = pendingTimes(clock)[0]; next !== undefined; next = pendingTimes(clock)[0])
      clock.advance(next - clock.seconds())
    expect(late).toEqual([])
    expect(entries.every((each, index) => each.seen.length === (index % 3 === 0 ? 0 : 2))).toBe(true)
  })

  it('keeps the order also when entries come and go all the time, and when it has been empty', () => {
    const clock = new Clock()
    const queue = TickQueue.of(clock)
    let seed = 7
    const random = () => {
      seed = (seed * 48271) % 2147483647
      return seed / 2147483647
    }
    for (let round = 0; round < 3; round++) {
      const ran: number[] = []
      const entries: Tick[] = []
      const now = clock.seconds()
      for (let i = 0; i < 3000; i++) {
        const due = now + 1 + Math.floor(random() * 500)
        entries.push(entry(queue, [due], { ticked: () => ran.push(due) }))
        if (i % 2 === 1) queue.remove(entries[Math.floor(random() * i)]!)
      }
      const left = entries.filter(({ place }) => place >= 0).length
      clock.advance(600)
      expect(ran).toHaveLength(left)
      expect(ran).toEqual(ran.toSorted((a, b) => a - b))
      expect(clock.getDelayedCalls()).toEqual([])
    }
  })

  it('lets a tick add and take out others', () => {
    const clock = new Clock()
    const queue = TickQueue.of(clock)
    const ran: string[] = []
    const later: { victim?: Tick } = {}
    entry(queue, [1], {
      ticked: () => {
        ran.push('first')
        queue.remove(later.victim!)
        entry(queue, [1], { ticked: () => ran.push('added') })
        entry(queue, [2], { ticked: () => ran.push('later') })
      },
    })
    later.victim = entry(queue, [1], { ticked: () => ran.push('victim') })
    clock.advance(1)
    expect(ran).toEqual(['first', 'added'])
    expect(pendingTimes(clock)).toEqual([2])
  })

  it('goes on in the next turn after a tick that throws', () => {
    const clock = new Clock()
    const queue = TickQueue.of(clock)
    const broken = entry(queue, [1], {
      ticked: () => {
        queue.remove(broken)
        throw new Error('in a tick')
      },
    })
    const other = entry(queue, [1])
    expect(() => clock.advance(1)).toThrow('in a tick')
    clock.advance(0)
    expect(other.seen).toEqual([1])
  })

  it('runs what it was woken for, where rounding left the clock a hair before it', () => {
    const calls: (() => void)[] = []
    let now = 1
    const queue = new TickQueue({
      seconds: () => now,
      callLater: (_delay, f, ...args) => {
        calls.push(() => f(...args))
        return { getTime: () => 2, cancel() {}, delay() {}, reset() {}, active: () => true }
      },
      getDelayedCalls: () => [],
    })
    const each = entry(queue, [2])
    now = 2 - Number.EPSILON
    calls.shift()!()
    expect(each.seen).toEqual([2])
  })

  it('keeps the process alive only while an entry does that wants to', () => {
    const clock = new Clock()
    const queue = TickQueue.of(clock)
    const alive = () => clock.getDelayedCalls().some((call) => call.keepsAlive)
    const quiet = entry(queue, [100], { keepsAlive: false })
    expect(alive()).toBe(false)
    const loud = entry(queue, [200])
    expect(alive()).toBe(true)
    queue.remove(loud)
    expect(alive()).toBe(false)
    const first = entry(queue, [50])
    expect(alive()).toBe(true)
    queue.remove(first)
    expect(alive()).toBe(false)
    queue.remove(quiet)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('does without ref and unref where the clock has none', () => {
    const call = { getTime: () => 1, cancel: vi.fn<() => void>(), delay() {}, reset() {}, active: () => true }
    const queue = new TickQueue({ seconds: () => 0, callLater: () => call, getDelayedCalls: () => [] })
    const quiet = entry(queue, [1], { keepsAlive: false })
    queue.remove(quiet)
    expect(call.cancel).toHaveBeenCalledOnce()
  })
})
