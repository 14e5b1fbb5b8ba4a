import { beforeEach, describe, expect, it } from 'vitest'
import { Application } from '../src/index.ts'
import { errorsOf, gate, Probe, recorder } from './kit.ts'

let app: Application
let told: boolean[]

beforeEach(() => {
  app = new Application('api', { log: recorder() })
  told = []
  app.onReadyChange((ready) => told.push(ready))
})

describe('readiness', () => {
  it('comes with the start and goes with the stop, each told once', async () => {
    expect(app.ready).toBe(false)
    await app.startService()
    expect([app.ready, told]).toEqual([true, [true]])
    await app.stopService()
    expect([app.ready, told]).toEqual([false, [true, false]])
  })

  it('waits until all below has started, and goes before anything has stopped', async () => {
    const [start, stop] = [gate(), gate()]
    const slow = new Probe('slow', [], { start: () => start.promise, stop: () => stop.promise })
    await slow.setServiceParent(app)
    const started = app.startService()
    expect(app.ready).toBe(false)
    start.open()
    await started
    expect(app.ready).toBe(true)
    const stopped = app.stopService()
    expect([app.ready, told]).toEqual([false, [true, false]])
    stop.open()
    await stopped
  })

  it('goes when the application fails', async () => {
    await app.startService()
    app.fail(new Error('gone'))
    expect([app.ready, told]).toEqual([false, [true, false]])
  })

  it('is withheld while it runs, until it is allowed again', async () => {
    app.withholdReady()
    app.withholdReady()
    await app.startService()
    expect([app.ready, told]).toEqual([false, []])
    app.allowReady()
    expect([app.ready, told]).toEqual([true, [true]])
    app.withholdReady()
    expect([app.ready, told]).toEqual([false, [true, false]])
    await app.stopService()
    app.allowReady()
    expect([app.ready, told]).toEqual([false, [true, false]])
  })

  it('logs a listener that throws, tells the others, and forgets those that left', async () => {
    const log = recorder()
    app = new Application('api', { log })
    const leave = app.onReadyChange(() => {
      throw new Error('broken')
    })
    app.onReadyChange((ready) => told.push(ready))
    await app.startService()
    expect(told).toEqual([true])
    expect(errorsOf(log)).toEqual([expect.objectContaining({ message: 'broken' })])
    leave()
    app.withholdReady()
    expect(told).toEqual([true, false])
    expect(errorsOf(log)).toHaveLength(1)
  })

  it('tells changes in their order also when a listener brings about the next', async () => {
    app = new Application('api')
    app.onReadyChange((ready) => {
      if (ready) app.withholdReady()
    })
    app.onReadyChange((ready) => told.push(ready))
    await app.startService()
    expect(told).toEqual([true, false])
  })
})
