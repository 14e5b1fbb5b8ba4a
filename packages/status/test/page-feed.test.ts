import { beforeEach, describe, expect, it } from 'vitest'
import { Feed, type FeedState, type Stream } from '../page/feed.js'

const CONNECTING = 0
const CLOSED = 2

/** A stream that the test speaks through. */
class FakeStream implements Stream {
  readyState = CONNECTING
  closed = 0
  readonly #listeners = new Map<string, (event: { data?: unknown }) => void>()

  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void {
    this.#listeners.set(type, listener)
  }

  close(): void {
    this.closed++
  }

  tell(time: number, interval = 1): void {
    this.#listeners.get('message')?.({ data: JSON.stringify({ format: 1, time, interval }) })
  }

  fail(readyState: number): void {
    this.readyState = readyState
    this.#listeners.get('error')?.({})
  }
}

let time: number
let streams: FakeStream[]
let changes: FeedState[]
let feed: Feed

const stream = (): FakeStream => streams.at(-1)!

/** Lets time pass as the page does: with a tick each second. */
function pass(seconds: number): void {
  for (let second = 0; second < seconds; second++) {
    time++
    feed.tick()
  }
}

beforeEach(() => {
  time = 1000
  streams = []
  changes = []
  feed = new Feed({
    open: () => {
      streams.push(new FakeStream())
      return stream()
    },
    now: () => time,
    changed: ({ state }) => changes.push(state),
  })
})

describe('Feed', () => {
  it('waits for a first document', () => {
    expect([feed.state, feed.document, streams.length]).toEqual(['waiting', undefined, 1])
  })

  it('keeps the last document, and knows how old it is', () => {
    stream().tell(1)
    stream().tell(2)
    time += 1.5
    expect(feed.document).toMatchObject({ time: 2 })
    expect([feed.state, feed.age]).toEqual(['live', 1.5])
    expect(changes).toEqual(['live', 'live'])
  })

  it.each(['waiting', 'live', 'silent'])('is lost when the stream breaks while it is %s', (state) => {
    if (state !== 'waiting') stream().tell(1)
    if (state === 'silent') pass(6)
    expect(feed.state).toBe(state)
    stream().fail(CONNECTING)
    expect([feed.state, changes.at(-1)]).toEqual(['lost', 'lost'])
    stream().fail(CONNECTING)
    expect(changes.filter((each) => each === 'lost')).toHaveLength(1)
  })

  it('comes back by itself when the browser does', () => {
    stream().tell(1)
    stream().fail(CONNECTING)
    pass(10)
    stream().tell(2)
    expect([feed.state, streams.length]).toEqual(['live', 1])
  })

  it('asks anew after 3 s when the browser has given up', () => {
    stream().fail(CLOSED)
    pass(2)
    expect(streams).toHaveLength(1)
    pass(1)
    expect(streams).toHaveLength(2)
    expect([feed.state, streams[0]!.closed]).toEqual(['lost', 1])
    stream().tell(1)
    expect(feed.state).toBe('live')
  })

  it('is silent when three intervals and two seconds have passed without a document', () => {
    stream().tell(1)
    pass(5)
    expect(feed.state).toBe('live')
    pass(1)
    expect([feed.state, changes.at(-1)]).toEqual(['silent', 'silent'])
    stream().tell(2)
    expect(feed.state).toBe('live')
  })

  it.each([10, 60])('does not take an interval of %d s for silence', (interval) => {
    stream().tell(1, interval)
    pass(3 * interval + 2)
    expect(feed.state).toBe('live')
    pass(1)
    expect([feed.state, streams.length]).toEqual(['silent', 1])
  })

  it('asks anew when the silence has lasted 10 s, and again, and no longer listens to the old stream', () => {
    stream().tell(1)
    pass(14)
    expect([feed.state, streams.length]).toEqual(['silent', 1])
    pass(1)
    expect([feed.state, streams.length, streams[0]!.closed]).toEqual(['lost', 2, 1])
    pass(15)
    expect(streams).toHaveLength(3)
    streams[0]!.tell(7)
    streams[1]!.fail(CLOSED)
    expect([feed.state, feed.document?.time]).toEqual(['lost', 1])
    stream().tell(9)
    expect([feed.state, feed.document?.time]).toEqual(['live', 9])
  })

  it('asks anew when there was no answer at all for 15 s', () => {
    pass(14)
    expect([feed.state, streams.length]).toEqual(['waiting', 1])
    pass(1)
    expect([feed.state, streams.length]).toEqual(['lost', 2])
  })
})
