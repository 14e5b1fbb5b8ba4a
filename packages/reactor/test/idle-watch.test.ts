import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { beforeEach, describe, expect, it } from 'vitest'
import { Clock, realTurn } from '@sennit/runtime'
import { IdleWatch } from '../src/idle-watch.ts'

/** As much of a socket as is looked at. */
class Counters extends EventEmitter {
  bytesRead = 0
  bytesWritten = 0
  writableLength = 0
  _handle: { writeQueueSize: number } | null = { writeQueueSize: 0 }
}

describe('IdleWatch', () => {
  let clock: Clock
  let watch: IdleWatch
  let closed: number

  beforeEach(() => {
    clock = new Clock()
    watch = new IdleWatch(clock, 8)
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
})
