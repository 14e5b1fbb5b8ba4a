import { describe, expect, it } from 'vitest'
import { hooks } from '../src/index.ts'
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
