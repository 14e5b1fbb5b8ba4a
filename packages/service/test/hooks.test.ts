import { describe, expect, it } from 'vitest'
import { hooks, MultiService } from '../src/index.ts'
import { gate, outcome } from './kit.ts'

describe('hooks', () => {
  it('makes a named service out of functions', () => {
    const journal: string[] = []
    const service = hooks('db', {
      privilegedStart: () => journal.push('privileged'),
      start: () => journal.push('start'),
      stop: () => journal.push('stop'),
    })
    expect(service.name).toBe('db')
    expect(service.privilegedStartService()).toBeUndefined()
    expect(service.startService()).toBeUndefined()
    expect(service.stopService()).toBeUndefined()
    expect(journal).toEqual(['privileged', 'start', 'stop'])
  })

  it('awaits what a function returns, and drops it', async () => {
    const starting = gate()
    const service = hooks('db', { start: () => starting.promise.then(() => ['a row']) })
    const started = service.startService()
    expect(service.state).toBe('starting')
    starting.open()
    expect(await started).toBeUndefined()
    expect(service.state).toBe('running')
  })

  it('gives each function the signal and the context', () => {
    const seen: unknown[] = []
    const keep = ({ signal, context }: { signal: AbortSignal; context: object }) =>
      seen.push([signal.aborted, context])
    const service = hooks('db', { privilegedStart: keep, start: keep, stop: keep })
    void service.privilegedStartService()
    void service.startService()
    const { context } = service
    void service.stopService()
    expect(seen.length).toBe(3)
    expect(seen[2]).toEqual([false, context])
  })

  it.each(['privileged start and start', 'start alone'])(
    'is not stopped when its start has failed and nothing of it had started, by %s',
    async (way) => {
      const journal: string[] = []
      const db = hooks('db', {
        start: () => Promise.reject(new Error('refused')),
        stop: () => journal.push('stop db'),
      })
      const never = hooks('never', {
        start: () => journal.push('start never'),
        stop: () => journal.push('stop never'),
      })
      const app = new MultiService({ name: 'app' }, [
        hooks('first', { start: () => journal.push('start first'), stop: () => journal.push('stop first') }),
        db,
        never,
      ])
      if (way !== 'start alone') await app.privilegedStartService()
      expect(await outcome(app.startService())).toMatchObject({ message: 'app/db: refused' })
      expect(journal).toEqual(['start first', 'stop first'])
      expect(app.state).toBe('failed')
    },
  )

  it('is stopped for its privileged start alone, once', async () => {
    const journal: string[] = []
    const service = hooks('port', {
      privilegedStart: () => journal.push('bind'),
      start: () => Promise.reject(new Error('refused')),
      stop: () => journal.push('unbind'),
    })
    await service.privilegedStartService()
    expect(await outcome(service.startService())).toMatchObject({ message: 'refused' })
    await service.stopService()
    expect(journal).toEqual(['bind', 'unbind'])
  })

  it('can do without any of them', () => {
    const service = hooks('nothing', {})
    void service.privilegedStartService()
    void service.startService()
    void service.stopService()
    expect(service.state).toBe('stopped')
  })

  it('fails as the function does', async () => {
    const service = hooks('db', { start: () => Promise.reject(new Error('no')) }, { onFailure: 'log' })
    expect(await outcome(service.startService())).toMatchObject({ message: 'no' })
  })

  it('refuses what is no function', () => {
    expect(() => hooks('db', { start: 7 as never })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_SERVICE_OPTION', option: 'start' }),
    )
  })
})
