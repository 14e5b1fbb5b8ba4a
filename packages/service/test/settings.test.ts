import { Clock } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { Service } from '../src/index.ts'
import { settingsOf } from '../src/settings.ts'
import { recorder } from './kit.ts'

describe('The options of a service', () => {
  it('are not kept when there is nothing to keep', () => {
    expect(settingsOf({})).toBeUndefined()
    expect(settingsOf({ name: 'db' })).toBeUndefined()
  })

  it('are kept with their durations in seconds', () => {
    const [clock, log] = [new Clock(), recorder()]
    expect(settingsOf({ clock, log, startTimeout: '250ms', stopTimeout: 0, onFailure: 'log' })).toEqual({
      own: { reactor: undefined, clock, log, random: undefined },
      startTimeout: 0.25,
      stopTimeout: 0,
      onFailure: 'log',
    })
    expect(settingsOf({ startTimeout: '5m' })).toMatchObject({ own: undefined, startTimeout: 300 })
  })

  it.each([
    ['name', 7],
    ['reactor', {}],
    ['clock', { seconds: () => 0 }],
    ['log', { error: () => {} }],
    ['random', 0.5],
    ['onFailure', 'ignore'],
  ])('must be what they are for: %s', (option, value) => {
    expect(() => new Service({ [option]: value })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_SERVICE_OPTION', option }),
    )
  })

  it.each(['startTimeout', 'stopTimeout'])('must be a duration: %s', (option) => {
    for (const value of [-1, 'soon', Number.NaN, null]) {
      expect(() => new Service({ [option]: value })).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }),
      )
    }
  })
})
