import { describe, expect, it } from 'vitest'
import type { ConnectionHandler, Seconds } from '@sennit/interfaces'
import { Clock, realTurn } from '@sennit/runtime'
import { ConnectionSet, type ConnectionSetOptions, type ServedConnection } from '../src/connection-set.ts'
import { Factory } from '../src/factory.ts'
import { FakeLog } from './fake-log.ts'

class FakeConnection implements ServedConnection {
  seat = -1
  readonly calls: string[] = []
  onStop: () => void = () => {}
  onAbort: () => void = () => {}
  requestStop() {
    this.calls.push('stop')
    this.onStop()
  }
  abort() {
    this.calls.push('abort')
    this.onAbort()
  }
}

function make(options: Partial<ConnectionSetOptions> = {}, connections = 0) {
  const clock = new Clock()
  const log = new FakeLog()
  const set = new ConnectionSet({ handler: new Factory(), clock, log, ...options })
  const added = Array.from({ length: connections }, () => new FakeConnection())
  for (const each of added) set.add(each)
  return { clock, log, set, added }
}

/** A handler whose `drain` does what is given. */
function draining(drain: (timeout: Seconds) => void | Promise<void>): ConnectionHandler {
  return Object.assign(new Factory(), { drain })
}

/** Whether the drain has settled by now. */
async function isSettled(drained: Promise<void> | undefined): Promise<boolean> {
  let settled = false
  void drained?.then(() => (settled = true))
  await realTurn()
  return settled
}

describe('ConnectionSet', () => {
  it('counts what is there and what came, and takes out only what is there', () => {
    const { set, added } = make({}, 3)
    expect([set.size, set.accepted]).toEqual([3, 3])
    set.delete(added[0]!)
    set.delete(added[0]!)
    set.delete(new FakeConnection())
    expect([set.size, set.accepted]).toEqual([2, 3])
  })

  it('adds up what has come and gone over those that are there and those that were', () => {
    const { set, added } = make({}, 2)
    Object.assign(added[0]!, { bytesRead: 1, bytesWritten: 10 })
    const later = Object.assign(added[1]!, { bytesRead: 2, bytesWritten: 20 })
    set.add(new FakeConnection())
    expect(set.counted).toEqual({ bytesRead: 3, bytesWritten: 30 })
    set.delete(added[0]!)
    set.delete(added[0]!)
    later.bytesRead = 5
    expect(set.counted).toEqual({ bytesRead: 6, bytesWritten: 30 })
  })

  it('refuses what is over maxConnections, and counts it', () => {
    const { set, added } = make({ maxConnections: 2 }, 1)
    expect(set.admit()).toBe(true)
    set.add(new FakeConnection())
    expect(set.admit()).toBe(false)
    expect(set.admit()).toBe(false)
    expect(set.refused).toBe(2)
    set.delete(added[0]!)
    expect(set.admit()).toBe(true)
    expect(set.refused).toBe(2)
  })

  it('admits everything without maxConnections', () => {
    expect(make({}, 1000).set.admit()).toBe(true)
  })
})

describe('ConnectionSet.drain', () => {
  it('has nothing to wait for when it is empty', () => {
    const { clock, set } = make()
    expect(set.drain()).toBeUndefined()
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('leaves everything alone with drain: false', () => {
    let asked = 0
    const { clock, set, added } = make({ drain: false, handler: draining(() => void asked++) }, 1)
    expect(set.drain()).toBeUndefined()
    clock.advance(60)
    expect([added[0]!.calls, asked]).toEqual([[], 0])
  })

  it('tells each connection once, and settles when the last one is gone', async () => {
    const { clock, set, added } = make({}, 2)
    const drained = set.drain()
    expect(added.map((each) => each.calls)).toEqual([['stop'], ['stop']])
    set.delete(added[0]!)
    expect(await isSettled(drained)).toBe(false)
    set.delete(added[1]!)
    expect(await isSettled(drained)).toBe(true)
    expect(clock.getDelayedCalls()).toEqual([])
    expect(added.map((each) => each.calls)).toEqual([['stop'], ['stop']])
  })

  it('settles at once when every connection goes as it is told', () => {
    const { clock, set, added } = make({}, 2)
    for (const each of added) each.onStop = () => set.delete(each)
    expect(set.drain()).toBeUndefined()
    expect(added.map((each) => each.calls)).toEqual([['stop'], ['stop']])
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('aborts what is left after drainTimeout, and says how many', async () => {
    const { clock, log, set, added } = make({ drainTimeout: 3 }, 3)
    for (const each of added) each.onAbort = () => set.delete(each)
    const drained = set.drain()
    set.delete(added[0]!)
    clock.advance(2.9)
    expect(added.map((each) => each.calls)).toEqual([['stop'], ['stop'], ['stop']])
    expect(await isSettled(drained)).toBe(false)
    clock.advance(0.1)
    expect(added.map((each) => each.calls)).toEqual([['stop'], ['stop', 'abort'], ['stop', 'abort']])
    expect(await isSettled(drained)).toBe(true)
    expect(log.entries).toEqual([expect.objectContaining({ level: 'warn', connections: 2 })])
  })

  it('takes 5 seconds when nothing else is said', () => {
    const { clock, set, added } = make({}, 1)
    void set.drain()
    clock.advance(4.9)
    expect(added[0]!.calls).toEqual(['stop'])
    clock.advance(0.1)
    expect(added[0]!.calls).toEqual(['stop', 'abort'])
  })

  it('waits for ever with an infinite drainTimeout', () => {
    const { clock, set } = make({ drainTimeout: Infinity }, 1)
    expect(set.drain()).toBeInstanceOf(Promise)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('waits for aborted connections to close, but two turns at most', async () => {
    const { clock, set } = make({ drainTimeout: 1 }, 1)
    const drained = set.drain()
    clock.advance(1)
    clock.advance(0)
    expect(await isSettled(drained)).toBe(false)
    clock.advance(0)
    expect(await isSettled(drained)).toBe(true)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('settles when the last aborted connection closes', async () => {
    const { clock, set, added } = make({ drainTimeout: 1 }, 1)
    const drained = set.drain()
    clock.advance(1)
    set.delete(added[0]!)
    expect(await isSettled(drained)).toBe(true)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('tells a connection that comes meanwhile, and waits for it', async () => {
    const { set, added } = make({}, 1)
    const drained = set.drain()
    const late = new FakeConnection()
    set.add(late)
    expect(late.calls).toEqual(['stop'])
    set.delete(added[0]!)
    expect(await isSettled(drained)).toBe(false)
    set.delete(late)
    expect(await isSettled(drained)).toBe(true)
  })

  it.each([
    ['when the rest has been aborted', 1],
    ['when the drain is over', 0],
  ])('aborts a connection that comes %s', (_, connections) => {
    const { clock, set } = make({ drainTimeout: 1 }, connections)
    void set.drain()
    clock.advance(1)
    const late = new FakeConnection()
    set.add(late)
    expect(late.calls).toEqual(['abort'])
  })

  it('joins when it is called again, also from inside', async () => {
    const { set, added } = make({}, 1)
    let inner: Promise<void> | undefined
    added[0]!.onStop = () => {
      inner = set.drain()
    }
    const drained = set.drain()
    expect(inner).toBe(drained)
    expect(set.drain()).toBe(drained)
    expect(added[0]!.calls).toEqual(['stop'])
    set.delete(added[0]!)
    await drained
    expect(set.drain()).toBeUndefined()
  })

  it('goes on when a connection throws, and logs it', () => {
    const { clock, log, set, added } = make({ drainTimeout: 1 }, 2)
    const err = new Error('no')
    added[0]!.onStop = () => {
      throw err
    }
    added[0]!.onAbort = added[0]!.onStop
    void set.drain()
    expect(added[1]!.calls).toEqual(['stop'])
    clock.advance(1)
    expect(added[1]!.calls).toEqual(['stop', 'abort'])
    expect(log.entries.filter((each) => each.level === 'error').map((each) => each.err)).toEqual([err, err])
  })
})

describe('ConnectionSet.drain of a handler that drains', () => {
  it('asks the handler before the connections, and tells it how long it may take', () => {
    const order: unknown[] = []
    const { set, added } = make(
      { drainTimeout: 7, handler: draining((timeout) => void order.push(timeout)) },
      1,
    )
    added[0]!.onStop = () => order.push('connection')
    void set.drain()
    expect(order).toEqual([7, 'connection'])
  })

  it('waits for the handler when no connection is left', async () => {
    let resolve: () => void = () => {}
    const handler = draining(() => new Promise<void>((done) => (resolve = done)))
    const { clock, set } = make({ handler })
    const drained = set.drain()
    expect(await isSettled(drained)).toBe(false)
    resolve()
    expect(await isSettled(drained)).toBe(true)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('waits for the connections when the handler is done', async () => {
    const { set, added } = make({ handler: draining(async () => {}) }, 1)
    const drained = set.drain()
    expect(await isSettled(drained)).toBe(false)
    set.delete(added[0]!)
    expect(await isSettled(drained)).toBe(true)
  })

  it.each<[string, () => void | Promise<void>]>([
    ['rejects', () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
  ])('takes a handler that %s for done, and logs it', async (_, drain) => {
    const { log, set, added } = make({ handler: draining(drain) }, 1)
    const drained = set.drain()
    expect(await isSettled(drained)).toBe(false)
    expect(added[0]!.calls).toEqual(['stop'])
    set.delete(added[0]!)
    expect(await isSettled(drained)).toBe(true)
    expect(log.entries).toEqual([expect.objectContaining({ level: 'error', err: new Error('no') })])
  })

  it('is not held by a handler that never settles', async () => {
    const { clock, log, set } = make({ drainTimeout: 1, handler: draining(() => new Promise(() => {})) })
    const drained = set.drain()
    clock.advance(0.9)
    expect(await isSettled(drained)).toBe(false)
    clock.advance(0.1)
    expect(await isSettled(drained)).toBe(true)
    expect(log.entries).toEqual([])
  })

  it('is not touched by a handler that settles after the deadline', async () => {
    let resolve: () => void = () => {}
    const handler = draining(() => new Promise<void>((done) => (resolve = done)))
    const { clock, set } = make({ drainTimeout: 1, handler })
    const drained = set.drain()
    clock.advance(1)
    expect(await isSettled(drained)).toBe(true)
    resolve()
    expect(await isSettled(set.drain())).toBe(false)
    expect(clock.getDelayedCalls()).toEqual([])
  })
})

describe('closeAll', () => {
  const reason = new Error('the end')

  /** Can close for a reason. */
  class Closable extends FakeConnection {
    reason: Error | undefined
    closeNow(given: Error) {
      this.reason = given
      this.onAbort()
    }
  }

  it('RX-20 closes all now, for the reason where there is a way to say it', () => {
    const { set, clock, added } = make({}, 1)
    const closable = new Closable()
    set.add(closable)
    for (const each of [added[0]!, closable]) each.onAbort = () => set.delete(each)
    const closed = set.closeAll(reason)
    expect(added[0]!.calls).toEqual(['abort'])
    expect([closable.calls, closable.reason]).toEqual([[], reason])
    expect(closed).toBeUndefined()
    expect(clock.getDelayedCalls()).toEqual([])
    expect(set.closeAll(reason)).toBeUndefined()
    expect(set.drain()).toBeUndefined()
  })

  it('RX-20 waits no longer than two turns for what does not go', async () => {
    const { set, clock } = make({}, 1)
    const closed = set.closeAll(reason)
    clock.advance(0)
    expect(await isSettled(closed)).toBe(false)
    clock.advance(0)
    expect(await isSettled(closed)).toBe(true)
  })

  it('RX-20 ends a drain that goes on, with its timer', async () => {
    const { set, clock, added } = make({ handler: draining(() => new Promise(() => {})) }, 1)
    const drained = set.drain()
    void set.closeAll(reason)
    expect(added[0]!.calls).toEqual(['stop', 'abort'])
    set.delete(added[0]!)
    expect(await isSettled(drained)).toBe(true)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('RX-20 closes what would be left alone, too', () => {
    const { set, added } = make({ drain: false }, 1)
    expect(set.drain()).toBeUndefined()
    void set.closeAll(reason)
    expect(added[0]!.calls).toEqual(['abort'])
  })

  it('RX-20 aborts what comes afterwards, and logs what cannot be closed', () => {
    const { set, log } = make()
    const broken = new FakeConnection()
    broken.onAbort = () => {
      throw reason
    }
    set.add(broken)
    void set.closeAll(reason)
    const late = new FakeConnection()
    set.add(late)
    expect(late.calls).toEqual(['abort'])
    expect(log.entries).toHaveLength(1)
  })
})
