import { describe, expect, it } from 'vitest'
import { settingsOf, type TimerOptions } from '../src/timer-settings.ts'

describe('settingsOf', () => {
  it('fills in the defaults', () => {
    expect(settingsOf({})).toEqual({
      now: true,
      onError: 'continue',
      stopGrace: 5,
      aligned: false,
      wallClock: undefined,
      unref: false,
    })
  })

  it.each([
    [{ now: false }, { now: false }],
    [{ onError: 'fail' }, { onError: 'fail' }],
    [{ stopGrace: 0 }, { stopGrace: 0 }],
    [{ stopGrace: '2m' }, { stopGrace: 120 }],
    [{ align: 'epoch' }, { aligned: true }],
    [{ align: 'start' }, { aligned: false }],
    [{ unref: true }, { unref: true }],
  ] satisfies [TimerOptions, object][])(
    'makes of %o, after the defaults and before them, %o',
    (options, settings) => {
      const defaults = settingsOf({})
      expect(settingsOf(options)).toEqual({ ...defaults, ...settings })
      expect(settingsOf({})).toEqual(defaults)
    },
  )

  it('takes another time of day', () => {
    const other = { now: () => 0 }
    expect(settingsOf({ wallClock: other }).wallClock).toBe(other)
    expect(settingsOf({}).wallClock).toBeUndefined()
  })

  it('gives the same object to timers that are made in a row with the same options', () => {
    expect(settingsOf({ now: false })).toBe(settingsOf({ now: false, stopGrace: '5s' }))
  })

  it.each([
    [{ onError: 'ignore' as never }, { code: 'ERR_SENNIT_TIMER_OPTION', option: 'onError' }],
    [{ align: 'hour' as never }, { code: 'ERR_SENNIT_TIMER_OPTION', option: 'align' }],
    [{ stopGrace: -1 }, { code: 'ERR_SENNIT_DURATION' }],
  ])('refuses %o', (options: TimerOptions, error) => {
    expect(() => settingsOf(options)).toThrow(expect.objectContaining(error))
  })
})
