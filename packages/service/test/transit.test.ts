import { getEventListeners } from 'node:events'
import { CancelledError, Clock, realTurn } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { type HookContext, MultiService } from '../src/index.ts'
import { type Gate, gate, outcome, outcomes, Probe, statesOf } from './kit.ts'

const reason = new Error('changed my mind')

function gated(): { service: Probe; start: Gate; stop: Gate; journal: string[]; clock: Clock } {
  const [start, stop, clock] = [gate(), gate(), new Clock()]
  const journal: string[] = []
  const bodies = { start: () => start.promise, stop: () => stop.promise }
  return { service: new Probe('db', journal, bodies, { clock }), start, stop, journal, clock }
}

describe('startService with a signal', () => {
  it('gives the start up, stops what had started, and rejects with the reason', async () => {
    const { service, start, stop, journal } = gated()
    const states = statesOf(service)
    const controller = new AbortController()
    const started = service.startService({ signal: controller.signal })
    controller.abort(reason)
    expect(service).toMatchObject({ running: false, state: 'stopping' })
    start.open()
    await realTurn()
    expect(journal).toEqual(['start db', 'stop db'])
    expect(await outcome(started)).toBe('pending')
    stop.open()
    expect(await outcome(started)).toBe(reason)
    expect(states).toEqual(['starting', 'stopping', 'stopped'])
  })

  it('does nothing when it is aborted already', async () => {
    const { service, journal } = gated()
    await expect(service.startService({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    await expect(service.privilegedStartService({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(journal).toEqual([])
    expect(service).toMatchObject({ state: 'idle', running: false })
  })

  it('ends only the own waiting of whoever joined', async () => {
    const { service, start } = gated()
    const first = service.startService()
    const controller = new AbortController()
    const second = service.startService({ signal: controller.signal })
    controller.abort(reason)
    expect(await outcomes(first, second)).toEqual(['pending', reason])
    start.open()
    expect(await outcome(first)).toBe('done')
    expect(service.state).toBe('running')
  })

  it('ends only the own waiting of whoever joined a start that its collection waits for', async () => {
    const { service, start, stop } = gated()
    start.open()
    await service.startService()
    void service.stopService()
    const app = new MultiService({}, [service])
    const started = app.startService()
    const controller = new AbortController()
    const joined = service.startService({ signal: controller.signal })
    controller.abort(reason)
    expect(await outcomes(started, joined)).toEqual(['pending', reason])
    stop.open()
    expect(await outcome(started)).toBe('done')
  })

  it('is ignored once the service has started, and is not listened to any more', async () => {
    const { service, start } = gated()
    const controller = new AbortController()
    const started = service.startService({ signal: controller.signal })
    start.open()
    await started
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    controller.abort(reason)
    expect(service.state).toBe('running')
  })

  it('is ignored when a listener aborts it while it is told that the service has started', async () => {
    const controller = new AbortController()
    let hook: HookContext | undefined
    const service = new Probe('db', [], {
      start: (given) => {
        hook = given
        void hook.signal
        return Promise.resolve()
      },
    })
    service.onStateChange((state) => {
      if (state === 'running') controller.abort(new Error('no longer needed'))
    })
    await service.startService({ signal: controller.signal })
    expect(service).toMatchObject({ state: 'running', running: true })
    expect(hook!.signal.aborted).toBe(false)
  })

  it('is ignored once a stop has dropped the start', async () => {
    const controller = new AbortController()
    const service = new Probe('db', [], { stop: () => realTurn() })
    void service.startService()
    void service.stopService()
    const dropped = service.startService({ signal: controller.signal })
    void service.stopService()
    const last = service.startService()
    controller.abort(new Error('no longer needed'))
    expect(service.running).toBe(true)
    expect(await outcome(dropped)).toBeInstanceOf(CancelledError)
    await last
    expect(service).toMatchObject({ state: 'running', running: true })
  })

  it('gives up a start that waits for a stop', async () => {
    const { service, start, stop, journal } = gated()
    start.open()
    await service.startService()
    const stopped = service.stopService()
    const controller = new AbortController()
    const again = service.startService({ signal: controller.signal })
    controller.abort(reason)
    expect(await outcome(again)).toBe(reason)
    expect(service.running).toBe(false)
    stop.open()
    await stopped
    expect(journal).toEqual(['start db', 'stop db'])
  })

  it('gives up the start of a whole tree', async () => {
    const { service, start, stop, journal } = gated()
    const app = new MultiService({ name: 'app' }, [new Probe('a', journal), service])
    const controller = new AbortController()
    const started = app.startService({ signal: controller.signal })
    controller.abort(reason)
    start.open()
    stop.open()
    expect(await outcome(started)).toBe(reason)
    expect(journal).toEqual(['start a', 'start db', 'stop db', 'stop a'])
  })
})

describe('stopService with a signal', () => {
  it('gives up the waiting, not the stop', async () => {
    const { service, start, stop } = gated()
    start.open()
    await service.startService()
    const controller = new AbortController()
    const [first, second] = [service.stopService({ signal: controller.signal }), service.stopService()]
    controller.abort(reason)
    expect(await outcomes(first, second)).toEqual([reason, 'pending'])
    stop.open()
    expect(await outcome(second)).toBe('done')
    expect(service.state).toBe('stopped')
  })

  it('stops also when it is aborted already', async () => {
    const { service, start, journal } = gated()
    start.open()
    await service.startService()
    await expect(service.stopService({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(journal).toEqual(['start db', 'stop db'])
  })
})

describe('A timeout of the caller', () => {
  it('goes before the one of the service, at start', async () => {
    const clock = new Clock()
    const service = new Probe('db', [], { start: () => gate().promise }, { clock, startTimeout: 10 })
    const started = service.startService({ timeout: '2s' })
    clock.advance(2)
    expect(await outcome(started)).toMatchObject({ code: 'ERR_SENNIT_START_TIMEOUT', timeout: 2 })
  })

  it('goes before the one of the service, at stop', async () => {
    const clock = new Clock()
    const service = new Probe('db', [], { stop: () => gate().promise }, { clock, stopTimeout: 1 })
    void service.startService()
    const stopped = service.stopService({ timeout: 3 })
    clock.advance(1)
    expect(await outcome(stopped)).toBe('pending')
    clock.advance(2)
    expect(await outcome(stopped)).toMatchObject({ code: 'ERR_SENNIT_STOP_TIMEOUT', timeout: 3 })
  })

  it('bounds the whole of a collection', async () => {
    const clock = new Clock()
    const app = new MultiService({ name: 'app', clock }, [
      new Probe('db', [], { stop: () => gate().promise }),
    ])
    void app.startService()
    const stopped = app.stopService({ timeout: 3 })
    clock.advance(3)
    expect(await outcome(stopped)).toMatchObject({ code: 'ERR_SENNIT_STOP_TIMEOUT', pending: ['app/db'] })
  })

  it('ends only the own waiting of whoever joined', async () => {
    const { service, start, clock } = gated()
    const first = service.startService()
    const second = service.startService({ timeout: 1 })
    clock.advance(1)
    expect(await outcomes(first, second)).toEqual([
      'pending',
      expect.objectContaining({ code: 'ERR_SENNIT_TIMEOUT' }),
    ])
    start.open()
    expect(await outcome(first)).toBe('done')
  })

  it('bounds a stop that waits for a start', async () => {
    const { service, clock } = gated()
    const started = service.startService()
    const stopped = service.stopService({ timeout: 2 })
    clock.advance(2)
    expect(await outcomes(started, stopped)).toEqual([
      expect.any(CancelledError),
      expect.objectContaining({ code: 'ERR_SENNIT_STOP_TIMEOUT' }),
    ])
  })

  it('is refused when it is no duration, and nothing is changed', () => {
    const { service } = gated()
    expect(() => service.startService({ timeout: 'soon' as never })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }),
    )
    expect(service.state).toBe('idle')
  })
})
