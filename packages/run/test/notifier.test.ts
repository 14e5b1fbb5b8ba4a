import { Clock } from '@sennit/runtime'
import { MemoryLog } from '@sennit/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { Notifier } from '../src/notifier.ts'

let clock: Clock
let log: MemoryLog
let sent: string[]
let closed: number
let fail: (error: Error) => void

beforeEach(() => {
  clock = new Clock()
  log = new MemoryLog()
  sent = []
  closed = 0
})

function make(watchdog?: number): Notifier {
  return new Notifier({
    settings: { socket: '/run/notify', watchdog },
    clock,
    log: () => log,
    makeTransport: (_socket, onError) => {
      fail = onError
      return {
        send: (message) => void sent.push(message),
        close: async () => {
          closed++
        },
      }
    },
  })
}

describe('Notifier', () => {
  it('tells what goes on, each on a line of its own', async () => {
    const notifier = make()
    notifier.status('starting')
    notifier.ready()
    notifier.stopping('draining\nfor 5 s')
    notifier.status(`failed: ${'x'.repeat(1000)}`)
    expect(sent.slice(0, 3)).toEqual([
      'STATUS=starting',
      'READY=1\nSTATUS=running',
      'STOPPING=1\nSTATUS=draining for 5 s',
    ])
    expect(sent[3]!.length).toBeLessThan(520)
    await notifier.close()
    expect(closed).toBe(1)
  })

  it('tells twice in the time of the watchdog that the loop turns, until it is closed', async () => {
    const notifier = make(10)
    clock.advance(4.9)
    expect(sent).toEqual([])
    clock.advance(0.1)
    clock.advance(5)
    clock.advance(5)
    expect(sent).toEqual(['WATCHDOG=1', 'WATCHDOG=1', 'WATCHDOG=1'])
    await notifier.close()
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('needs no watchdog', () => {
    make()
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('logs that nobody can be told, and stops trying', () => {
    make(10)
    fail(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }))
    expect(log.events).toEqual([
      {
        level: 'warn',
        fields: { err: expect.objectContaining({ code: 'ECONNREFUSED' }) as Error, socket: '/run/notify' },
        message: 'The service manager cannot be told',
      },
    ])
    expect(clock.getDelayedCalls()).toEqual([])
  })
})
