import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { Clock } from '@sennit/runtime'
import { beforeEach, describe, expect, it } from 'vitest'
import { EventStreams } from '../src/event-streams.ts'

/** What the streams need of a response. */
class Viewer extends EventEmitter {
  written = ''
  writableNeedDrain = false
  writableLength = 0
  destroyed = false
  ended = false
  /** A real connection is closed in a later turn. */
  closesLate = false
  type: unknown

  setHeader(_name: string, value: unknown): void {
    this.type = value
  }
  write(text: string): boolean {
    if (this.ended || this.destroyed) throw new Error('write after end')
    this.written += text
    return !this.writableNeedDrain
  }
  end(): void {
    this.ended = true
    if (!this.closesLate) this.emit('close')
  }
  destroy(): void {
    this.destroyed = true
    if (!this.closesLate) this.emit('close')
  }
  get events(): string[] {
    return [...this.written.matchAll(/^data: (.*)$/gm)].map((match) => match[1]!)
  }
}

let clock: Clock
let made: number
/** How long a document takes, and how long all of them took. */
let cost: number
let spent: number
let failing: boolean
let streams: EventStreams

beforeEach(() => {
  clock = new Clock()
  made = 0
  cost = 0
  spent = 0
  failing = false
  streams = new EventStreams({
    clock: {
      seconds: () => clock.seconds() + spent,
      callLater: (delay, f, ...args) => clock.callLater(delay, f, ...args),
      getDelayedCalls: () => clock.getDelayedCalls(),
    },
    interval: 1,
    maxViewers: 2,
    document: () => {
      if (failing) throw new Error('no document')
      spent += cost
      return String(++made)
    },
  })
})

function watch(): Viewer {
  const viewer = new Viewer()
  expect(streams.add(viewer as unknown as ServerResponse)).toBe(true)
  return viewer
}

function advance(seconds: number): void {
  clock.pump(Array.from({ length: seconds * 2 }, () => 0.5))
}

describe('EventStreams', () => {
  it('sends a document at once, and one each interval, the same to all', () => {
    const [first, second] = [watch(), watch()]
    expect(first.type).toBe('text/event-stream; charset=utf-8')
    expect(first.written).toBe('retry: 2000\n\ndata: 1\n\n')
    advance(2)
    expect(first.events).toEqual(['1', '3', '4'])
    expect(second.events).toEqual(['2', '3', '4'])
  })

  it('makes no document, and holds no timer, while nobody watches', () => {
    const viewer = watch()
    advance(1)
    viewer.emit('close')
    advance(5)
    expect(made).toBe(2)
    expect(clock.getDelayedCalls()).toEqual([])
    expect(watch().events).toEqual(['3'])
    advance(1)
    expect(made).toBe(4)
  })

  it('takes in no more than it may, and again when one has left', () => {
    const first = watch()
    watch()
    expect(streams.add(new Viewer() as unknown as ServerResponse)).toBe(false)
    first.emit('close')
    expect(streams.viewers).toBe(1)
    watch()
  })

  it('lets one that does not read miss documents, and cuts it off after 30 s', () => {
    const [slow, good] = [watch(), watch()]
    slow.writableNeedDrain = true
    advance(5)
    expect(slow.events).toHaveLength(1)
    expect(good.events).toHaveLength(6)
    slow.writableNeedDrain = false
    advance(1)
    expect(slow.events).toHaveLength(2)
    slow.writableNeedDrain = true
    advance(30)
    expect(slow.destroyed).toBe(false)
    advance(3)
    expect(slow.destroyed).toBe(true)
    expect(streams.viewers).toBe(1)
  })

  it('does not spend more than a twentieth of the time on documents', () => {
    watch()
    cost = 0.5
    advance(100)
    expect(made).toBeLessThan(13)
    expect(made).toBeGreaterThan(8)
  })

  it('ends all of them, and takes nobody in any more', () => {
    const viewer = watch()
    streams.end()
    expect(streams.viewers).toBe(0)
    expect(clock.getDelayedCalls()).toEqual([])
    expect(viewer.destroyed).toBe(false)
    expect(streams.add(new Viewer() as unknown as ServerResponse)).toBe(false)
  })

  it('does not wait for one that does not read when it ends them, and writes to nobody after that', () => {
    const [slow, good] = [watch(), watch()]
    slow.closesLate = good.closesLate = true
    slow.writableNeedDrain = true
    slow.writableLength = 100_000
    advance(1)
    streams.end()
    expect([slow.destroyed, slow.ended]).toEqual([true, false])
    expect([good.destroyed, good.ended]).toEqual([false, true])
    expect([streams.viewers, clock.getDelayedCalls()]).toEqual([0, []])
    expect(() => advance(60)).not.toThrow()
    slow.emit('close')
    good.emit('close')
    expect(made).toBe(3)
  })

  it('goes on after a document that could not be made', () => {
    const viewer = watch()
    failing = true
    expect(() => advance(1)).toThrow('no document')
    failing = false
    advance(1)
    expect(viewer.events).toEqual(['1', '2'])
    viewer.emit('close')
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('has room for another when the first document could not be made', () => {
    failing = true
    expect(() => watch()).toThrow('no document')
    expect([streams.viewers, clock.getDelayedCalls()]).toEqual([0, []])
  })

  it('forgets one whose connection breaks', () => {
    const viewer = watch()
    viewer.emit('error', new Error('broken'))
    expect([streams.viewers, clock.getDelayedCalls()]).toEqual([0, []])
  })

  it('shows that it lives every 15 s when documents are rare', () => {
    const rare = new EventStreams({ clock, interval: 40, maxViewers: 1, document: () => String(++made) })
    const viewer = new Viewer()
    rare.add(viewer as unknown as ServerResponse)
    advance(39)
    expect(viewer.written.endsWith('data: 1\n\n:\n\n:\n\n')).toBe(true)
    advance(1)
    expect(viewer.events).toEqual(['1', '2'])
    advance(40)
    expect(viewer.written.match(/^:$/gm)).toHaveLength(4)
    expect(viewer.events).toEqual(['1', '2', '3'])
  })
})
