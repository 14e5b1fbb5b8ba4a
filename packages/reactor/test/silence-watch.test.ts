import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { beforeEach, describe, expect, it } from 'vitest'
import { Clock, realTurn } from '@sennit/runtime'
import { hasMoved, hasReceived, SilenceWatch } from '../src/silence-watch.ts'

/** As much of a socket as is looked at. */
class Counters extends EventEmitter {
  bytesRead = 0
  bytesWritten = 0
  writableLength = 0
  _handle: { writeQueueSize: number; reading?: boolean } | null = { writeQueueSize: 0 }
}

describe('SilenceWatch', () => {
  let clock: Clock
  let watch: SilenceWatch
  let closed: number

  beforeEach(() => {
    clock = new Clock()
    watch = new SilenceWatch(clock, 8, hasMoved)
    closed = 0
  })

  function add(): Counters {
    const counters = new Counters()
    watch.add(counters as unknown as Socket, () => closed++)
    return counters
  }

  async function pass(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i++) {
      clock.advance(1)
      await realTurn()
    }
  }

  it('closes what is silent for the time allowed, and not before', async () => {
    add()
    await pass(7)
    expect(closed).toBe(0)
    await pass(1)
    expect(closed).toBe(1)
  })

  it.each<[string, (counters: Counters) => void]>([
    ['received', (counters) => counters.bytesRead++],
    ['written', (counters) => counters.bytesWritten++],
    ['taken by the system', (counters) => counters.writableLength--],
    ['taken by the system of one long write', (counters) => counters._handle!.writeQueueSize--],
  ])('keeps that on which something is %s', async (_, move) => {
    const counters = add()
    counters.writableLength = 1_000
    counters._handle!.writeQueueSize = 1_000
    for (let i = 0; i < 10; i++) {
      await pass(3)
      move(counters)
    }
    expect(closed).toBe(0)
    await pass(7)
    expect(closed).toBe(0)
    await pass(3)
    expect(closed).toBe(1)
  })

  it('does without what only the handle knows', async () => {
    add()._handle = null
    await pass(8)
    expect(closed).toBe(1)
  })

  it('fault 34: what comes within the turn after a stall counts', async () => {
    const counters = add()
    clock.advance(100)
    counters.bytesRead++
    await realTurn()
    expect(closed).toBe(0)
    await pass(10)
    expect(closed).toBe(1)
  })

  it('forgets what has closed, and keeps no timer for nothing', async () => {
    const [a, b] = [add(), add()]
    expect(clock.getDelayedCalls()).toHaveLength(1)
    a.emit('close')
    expect(clock.getDelayedCalls()).toHaveLength(1)
    clock.advance(8)
    b.emit('close')
    await realTurn()
    expect(clock.getDelayedCalls()).toEqual([])
    expect(closed).toBe(0)
    add()
    expect(clock.getDelayedCalls()).toHaveLength(1)
  })

  describe('of what comes', () => {
    beforeEach(() => {
      watch = new SilenceWatch(clock, 8, hasReceived)
    })

    it('closes what receives nothing for the time allowed, however much it sends', async () => {
      const counters = add()
      for (let i = 0; i < 7; i++) {
        await pass(1)
        counters.bytesWritten++
        counters.writableLength++
      }
      expect(closed).toBe(0)
      await pass(1)
      expect(closed).toBe(1)
    })

    it('keeps that on which something comes', async () => {
      const counters = add()
      for (let i = 0; i < 10; i++) {
        await pass(3)
        counters.bytesRead++
      }
      expect(closed).toBe(0)
      await pass(10)
      expect(closed).toBe(1)
    })

    it('counts the time anew when this side reads again', async () => {
      const counters = add()
      counters._handle!.reading = false
      await pass(20)
      expect(closed).toBe(0)
      counters._handle!.reading = true
      await pass(7)
      expect(closed).toBe(0)
      await pass(3)
      expect(closed).toBe(1)
    })

    it('does without what only the handle knows', async () => {
      add()._handle = null
      await pass(8)
      expect(closed).toBe(1)
    })
  })
})
