import { Clock } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { ReceiveWatch } from '../src/receive-watch.ts'

function watch(timeout: number) {
  const clock = new Clock()
  let silent = 0
  const watching = new ReceiveWatch(clock, timeout, () => silent++)
  return { clock, watching, silent: () => silent, pending: () => clock.getDelayedCalls().length }
}

describe('ReceiveWatch', () => {
  it('tells once that nothing has come for so long', () => {
    const bench = watch(10)
    bench.clock.advance(9.9)
    bench.clock.advance(0)
    expect(bench.silent()).toBe(0)
    bench.clock.advance(0.1)
    bench.clock.advance(0)
    expect(bench.silent()).toBe(1)
    bench.clock.advance(100)
    expect(bench.silent()).toBe(1)
    expect(bench.pending()).toBe(0)
  })

  it('counts from what came last', () => {
    const bench = watch(10)
    bench.clock.advance(6)
    bench.watching.received()
    bench.clock.advance(4)
    bench.clock.advance(5.9)
    bench.clock.advance(0)
    expect(bench.silent()).toBe(0)
    bench.clock.advance(0.1)
    bench.clock.advance(0)
    expect(bench.silent()).toBe(1)
  })

  it('lets a turn pass after a stall, in which data that lay in the socket may come', () => {
    const bench = watch(10)
    bench.clock.advance(60)
    expect(bench.silent()).toBe(0)
    bench.watching.received()
    bench.clock.advance(0)
    expect(bench.silent()).toBe(0)
    bench.clock.advance(10)
    bench.clock.advance(0)
    expect(bench.silent()).toBe(1)
  })

  it('can be stopped at any time', () => {
    for (const before of [0, 5, 10]) {
      const bench = watch(10)
      bench.clock.advance(before)
      bench.watching.stop()
      bench.watching.stop()
      bench.clock.advance(100)
      expect(bench.silent()).toBe(0)
      expect(bench.pending()).toBe(0)
    }
  })

  it('sets no timer for each thing that comes', () => {
    const bench = watch(10)
    for (let i = 0; i < 100; i++) bench.watching.received()
    expect(bench.pending()).toBe(1)
  })
})
