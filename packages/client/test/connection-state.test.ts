import { describe, expect, it } from 'vitest'
import { type ConnectionState, StateListeners } from '../src/connection-state.ts'
import { MemoryLog } from './fakes.ts'

const state = (name: ConnectionState['name']): ConnectionState => ({
  name,
  cause: undefined,
  retryIn: undefined,
  failures: 0,
})

describe('StateListeners', () => {
  it('tells every listener every change, in order', () => {
    const listeners = new StateListeners()
    const seen: string[] = []
    listeners.add(({ name }) => seen.push(`a ${name}`))
    listeners.add(({ name }) => seen.push(`b ${name}`))
    listeners.record(state('connecting'))
    listeners.record(state('connected'))
    expect(seen).toEqual([])
    listeners.deliver(new MemoryLog())
    expect(seen).toEqual(['a connecting', 'b connecting', 'a connected', 'b connected'])
  })

  it('tells a change that a listener brings about after the one it is being told', () => {
    const log = new MemoryLog()
    const listeners = new StateListeners()
    const seen: string[] = []
    listeners.add(({ name }) => {
      if (name !== 'connecting') return
      listeners.record(state('stopped'))
      listeners.deliver(log)
    })
    listeners.add(({ name }) => seen.push(name))
    listeners.record(state('connecting'))
    listeners.deliver(log)
    expect(seen).toEqual(['connecting', 'stopped'])
  })

  it('logs what a listener throws, and tells the others', () => {
    const log = new MemoryLog()
    const listeners = new StateListeners()
    const error = new Error('broken')
    const seen: string[] = []
    listeners.add(() => {
      throw error
    })
    listeners.add(({ name }) => seen.push(name))
    listeners.record(state('connected'))
    listeners.deliver(log)
    expect(seen).toEqual(['connected'])
    expect(log.of('error').map((event) => event.fields)).toEqual([{ err: error, state: 'connected' }])
    listeners.record(state('stopped'))
    listeners.deliver(log)
    expect(seen).toEqual(['connected', 'stopped'])
  })

  it('takes the same listener twice, and lets each go apart', () => {
    const listeners = new StateListeners()
    const seen: string[] = []
    const listener = ({ name }: ConnectionState) => seen.push(name)
    const end = listeners.add(listener)
    listeners.add(listener)
    end()
    end()
    listeners.record(state('stopped'))
    listeners.deliver(new MemoryLog())
    expect(seen).toEqual(['stopped'])
  })

  it('keeps nothing when nobody listens', () => {
    const listeners = new StateListeners()
    listeners.record(state('connected'))
    const seen: string[] = []
    listeners.add(({ name }) => seen.push(name))
    listeners.deliver(new MemoryLog())
    expect(seen).toEqual([])
  })
})
