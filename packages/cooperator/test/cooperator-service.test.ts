import { describe, expect, it, vi } from 'vitest'
import type { LogMethod } from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { Application } from '@sennit/service'
import { CooperatorService, type CooperatorServiceOptions } from '../src/index.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

function make(options: CooperatorServiceOptions = {}) {
  const clock = new Clock()
  const service = new CooperatorService({
    clock,
    log: silent,
    terminationPredicateFactory: () => () => true,
    ...options,
  })
  let steps = 0
  function* work() {
    for (;;) yield ++steps
  }
  const tick = () => {
    clock.advance(0)
    return steps
  }
  return { clock, service, work, tick }
}

const microtasks = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

describe('CooperatorService', () => {
  it('CO-36 CO-38 lets tasks wait for the start, and runs them then', async () => {
    const { clock, service, work, tick } = make()
    const task = service.cooperate(work())
    expect(tick()).toBe(0)
    expect(clock.getDelayedCalls()).toEqual([])
    expect(service.startService()).toBeUndefined()
    expect(tick()).toBe(1)
    const done = service.coiterate([1].values())
    void service.stopService()
    await expect(done).rejects.toMatchObject({ code: 'ERR_SENNIT_SCHEDULER_STOPPED' })
    await expect(task.whenDone()).rejects.toMatchObject({ code: 'ERR_SENNIT_SCHEDULER_STOPPED' })
  })

  it('CO-37 is running while it runs', () => {
    const { clock, service, work } = make()
    expect(service.running).toBe(false)
    void service.startService()
    expect(service).toMatchObject({ running: true, state: 'running' })
    service.cooperate(work())
    expect(service.stopService()).toBeUndefined()
    expect(service).toMatchObject({ running: false, state: 'stopped' })
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('CO-37 takes clock and log from its parent', () => {
    const clock = new Clock()
    const error = vi.fn<LogMethod>()
    const service = new CooperatorService({ name: 'work' })
    const app = new Application('app', { reactor: clock, log: { ...silent, error } }, [service])
    void app.startService()
    service.cooperate(
      (function* (): Generator<undefined> {
        yield undefined
        throw new Error('in the work')
      })(),
    )
    clock.advance(0)
    expect(error).toHaveBeenCalledOnce()
  })

  it('CO-37 has clock and log from its parent also before the start', async () => {
    const clock = new Clock()
    const error = vi.fn<LogMethod>()
    const service = new CooperatorService({ name: 'work' })
    const app = new Application('app', { reactor: clock, log: { ...silent, error } }, [service])
    const failure = new Error('cannot clean up')
    const task = service.cooperate({
      next: () => ({ done: false, value: 1 }),
      return() {
        throw failure
      },
    })
    const done = task.whenDone({ timeout: '5s' })
    clock.advance(5)
    await expect(done).rejects.toMatchObject({ code: 'ERR_SENNIT_TIMEOUT' })
    task.stop()
    expect(error.mock.calls[0]![0]).toMatchObject({ err: failure })
    void app.stopService()
  })

  it('CO-37 takes a scheduler and a slice', () => {
    const ticks: (() => void)[] = []
    const { clock, service } = make({
      terminationPredicateFactory: undefined,
      slice: '1ms',
      longStep: '1h',
      scheduler: (tick) => {
        ticks.push(tick)
        return { cancel() {} }
      },
    })
    let steps = 0
    service.cooperate(
      (function* () {
        for (;;) {
          clock.advance('600ms')
          yield ++steps
        }
      })(),
    )
    void service.startService()
    expect(ticks).toHaveLength(1)
    ticks[0]!()
    expect(steps).toBe(1)
  })

  it('CO-37 waits in a stop for what tasks wait for', async () => {
    const { service, tick } = make()
    let finish!: () => void
    const item = new Promise<void>((resolve) => (finish = resolve))
    void service.startService()
    service.cooperate([item].values())
    tick()
    const stopped = vi.fn<() => void>()
    const promise = Promise.resolve(service.stopService()).then(stopped)
    await microtasks()
    expect(stopped).not.toHaveBeenCalled()
    expect(service.state).toBe('stopping')
    finish()
    await promise
    expect(service.state).toBe('stopped')
  })

  it('CO-37 gives up waiting at the deadline of the stop: the tasks fail', async () => {
    const { clock, service, tick } = make({ stopTimeout: '2s' })
    void service.startService()
    const done = service.coiterate([new Promise(() => {})].values())
    tick()
    const promise = service.stopService() as Promise<void>
    clock.advance(2)
    await expect(promise).rejects.toMatchObject({ code: 'ERR_SENNIT_STOP_TIMEOUT' })
    await expect(done).rejects.toMatchObject({ code: 'ERR_SENNIT_SCHEDULER_STOPPED' })
  })

  it('CO-38 rejects tasks after a stop, and takes them after the next start', async () => {
    const { service, work, tick } = make()
    void service.startService()
    void service.stopService()
    await expect(service.coiterate(work())).rejects.toMatchObject({ code: 'ERR_SENNIT_SCHEDULER_STOPPED' })
    void service.startService()
    service.cooperate(work())
    expect(tick()).toBe(1)
  })

  it('describes itself and up to a hundred tasks', async () => {
    const { service, work, tick } = make({ name: 'work' })
    const [paused] = [
      service.cooperate(work(), { name: 'paused' }),
      service.cooperate(work(), { name: 'ready' }),
    ]
    paused.pause()
    service.cooperate([new Promise(() => {})].values(), { name: 'waiting' })
    void service.startService()
    tick()
    tick()
    const description = service.describe()
    expect(description).toMatchObject({
      kind: 'CooperatorService',
      name: 'work',
      state: 'running',
      facts: { tasks: 3, ready: 1, waiting: 1, paused: 1, steps: 2, cpuTime: 0, longestStep: 0 },
    })
    expect(description.children.map(({ name, state }) => [name, state])).toEqual([
      ['ready', 'ready'],
      ['paused', 'paused'],
      ['waiting', 'waiting'],
    ])
    expect(JSON.parse(JSON.stringify(description))).toMatchObject({
      children: [{ facts: { steps: 1 } }, {}, {}],
    })
    for (let i = 0; i < 200; i++) service.cooperate(work())
    expect(service.describe().children).toHaveLength(100)
    expect(service.describe().facts).toMatchObject({ tasks: 203 })
  })

  it('is described in its application with its tasks', () => {
    const { service, work } = make({ name: 'work' })
    service.cooperate(work(), { name: 'index' })
    const app = new Application('app', { log: silent }, [service])
    expect(app.describe().children[0]?.children[0]).toMatchObject({ kind: 'CooperativeTask', name: 'index' })
  })

  it('is the same by its methods, taken off it', () => {
    const { service, work, tick } = make()
    const { cooperate } = service
    void service.startService()
    cooperate(work())
    expect(tick()).toBe(1)
  })

  it('has no tasks in its JSON form', () => {
    const { service, work } = make({ name: 'work' })
    service.cooperate(work())
    expect(JSON.parse(JSON.stringify(service))).toEqual({ name: 'work' })
  })
})
