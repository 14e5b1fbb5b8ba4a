import { Application } from '@sennit/service'
import { describe, expect, it } from 'vitest'
import { planOf } from '../src/run-plan.ts'

describe('planOf', () => {
  it('has defaults', () => {
    expect(planOf(new Application('app'), {})).toEqual({
      startTimeout: 30,
      stopTimeout: 8,
      readyDelay: 0,
      drainDelay: 0,
      umask: undefined,
      for: undefined,
    })
  })

  it('prefers the deadlines of the application, and the options most', () => {
    const app = new Application('app', { startTimeout: '1m', stopTimeout: '2m' })
    expect(planOf(app, { stopTimeout: '3s' })).toMatchObject({ startTimeout: 60, stopTimeout: 3 })
  })

  it('reads durations and octal digits', () => {
    const options = { readyDelay: '250ms', drainDelay: 5, for: '1h', umask: '027' } as const
    expect(planOf(new Application('app'), options)).toMatchObject({
      readyDelay: 0.25,
      drainDelay: 5,
      for: 3600,
      umask: 0o27,
    })
  })

  it.each(['startTimeout', 'stopTimeout', 'readyDelay', 'drainDelay', 'for'])(
    'refuses a %s that is no duration',
    (option) => {
      expect(() => planOf(new Application('app'), { [option]: 'soon' })).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }),
      )
    },
  )
})
