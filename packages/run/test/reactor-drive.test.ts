import { NodeReactor } from '@sennit/reactor'
import { Clock } from '@sennit/runtime'
import { MemoryLog } from '@sennit/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { ReactorDrive } from '../src/reactor-drive.ts'

let reactor: NodeReactor
let events: string[]
let drive: ReactorDrive

beforeEach(() => {
  reactor = new NodeReactor({ log: new MemoryLog() })
  events = []
  for (const phase of ['before', 'during', 'after'] as const) {
    reactor.addSystemEventTrigger(phase, 'shutdown', () => events.push(phase))
  }
  drive = new ReactorDrive(reactor, () => {
    events.push('stop')
  })
})

describe('ReactorDrive', () => {
  it('AP-40 AP-43 runs the reactor from its beginning to its end, with its events', async () => {
    drive.begin()
    expect(reactor.running).toBe(true)
    await drive.end()
    expect(reactor.running).toBe(false)
    expect(events).toEqual(['before', 'during', 'after'])
  })

  it('AP-10 stops what it drives before the shutdown, and waits for it, when somebody stops the reactor', async () => {
    let release = (): void => {}
    drive = new ReactorDrive(reactor, () => {
      events.push('stop')
      return new Promise<void>((resolve) => (release = resolve))
    })
    drive.begin()
    reactor.stop()
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    expect(events).toEqual(['before', 'stop'])
    const ended = drive.end()
    release()
    await ended
    expect(events).toEqual(['before', 'stop', 'during', 'after'])
  })

  it('stops what it drives after a crash of the reactor', async () => {
    drive.begin()
    reactor.crash()
    await new Promise((resolve) => setImmediate(resolve))
    expect(events).toEqual(['stop'])
    await drive.end()
    expect(events).toEqual(['stop'])
  })

  it('leaves a reactor running that somebody else runs, and no trigger behind', async () => {
    const ran = reactor.run()
    drive.begin()
    await drive.end()
    expect(reactor.running).toBe(true)
    reactor.stop()
    await ran
    expect(events).toEqual(['before', 'during', 'after'])
  })

  it('copes with a reactor that was stopped before, or is not to be driven', async () => {
    const ran = reactor.run()
    reactor.stop()
    await ran
    drive.begin()
    await drive.end()
    for (const other of [undefined, new Clock()]) {
      const none = new ReactorDrive(other, () => {})
      none.begin()
      await none.end()
    }
    expect(events).toEqual(['before', 'during', 'after'])
  })
})
