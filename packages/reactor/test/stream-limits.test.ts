import { describe, expect, it } from 'vitest'
import type { StreamListenOptions } from '@sennit/interfaces'
import { checkedLimits } from '../src/stream-limits.ts'

describe('checkedLimits', () => {
  it('has the limits that ports have when nothing is said', () => {
    expect(checkedLimits({})).toEqual({
      backlog: 511,
      maxConnections: Infinity,
      idleTimeout: Infinity,
      receiveTimeout: Infinity,
      drain: true,
      drainTimeout: 5,
      held: false,
    })
  })

  it('turns durations into seconds, and keeps what is 0', () => {
    const options: StreamListenOptions = {
      backlog: 1,
      maxConnections: 0,
      idleTimeout: '1m',
      receiveTimeout: '500ms',
      drain: false,
      drainTimeout: 0,
      held: true,
    }
    expect(checkedLimits(options)).toEqual({ ...options, idleTimeout: 60, receiveTimeout: 0.5 })
  })

  it.each([
    [{ backlog: 0 }, 'backlog'],
    [{ backlog: 1.5 }, 'backlog'],
    [{ maxConnections: -1 }, 'maxConnections'],
    [{ maxConnections: '5' }, 'maxConnections'],
  ])('refuses %j', (options, option) => {
    expect(() => checkedLimits(options as StreamListenOptions)).toThrowError(
      expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION', option }),
    )
  })

  it.each(['idleTimeout', 'receiveTimeout', 'drainTimeout'])('refuses a %s that is no duration', (option) => {
    expect(() => checkedLimits({ [option]: 'soon' })).toThrowError(
      expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }),
    )
  })
})
