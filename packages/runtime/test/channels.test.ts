import { channel } from 'node:diagnostics_channel'
import { describe, expect, it } from 'vitest'
import { channels } from '../src/index.ts'

describe('channels', () => {
  it('are those of node:diagnostics_channel, by their names', () => {
    expect(Object.values(channels).map(({ name }) => name)).toEqual([
      'sennit:service:state',
      'sennit:connection:open',
      'sennit:connection:close',
      'sennit:client:attempt',
      'sennit:client:state',
      'sennit:timer:run',
    ])
    for (const each of Object.values(channels)) expect(channel(each.name)).toBe(each)
  })

  it('have listeners, and lose them', () => {
    const { timerRun } = channels
    const seen: unknown[] = []
    const listener = (message: object, name: string | symbol): void => void seen.push([message, name])
    expect(timerRun.hasSubscribers).toBe(false)
    timerRun.subscribe(listener)
    expect(timerRun.hasSubscribers).toBe(true)
    const message = {} as never
    timerRun.publish(message)
    expect(timerRun.unsubscribe(listener)).toBe(true)
    expect(timerRun.unsubscribe(listener)).toBe(false)
    timerRun.publish(message)
    expect(seen).toEqual([[message, 'sennit:timer:run']])
  })
})
