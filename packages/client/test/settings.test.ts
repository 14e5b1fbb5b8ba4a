import { describe, expect, it } from 'vitest'
import { connectionSettings, defaultRetryPolicy } from '../src/settings.ts'

describe('connectionSettings', () => {
  it('CS-01 has defaults, and one policy for all that have none', () => {
    expect(connectionSettings({})).toEqual({
      retryPolicy: defaultRetryPolicy,
      prepareConnection: undefined,
      prepareTimeout: 30,
      connectTimeout: 30,
      closeTimeout: 5,
      stableAfter: 0,
      isFatal: undefined,
      maxFailures: undefined,
    })
    expect(connectionSettings({}).retryPolicy).toBe(
      connectionSettings({ retryPolicy: undefined }).retryPolicy,
    )
  })

  it('CS-01 spreads the default delays, up to a minute', () => {
    expect([1, 2, 3, 100].map((failures) => defaultRetryPolicy(failures, () => 0, 0))).toEqual([
      0.75, 1.125, 1.6875, 30,
    ])
    expect(defaultRetryPolicy(100, () => 0.999, 0)).toBeLessThanOrEqual(60)
  })

  it('turns durations into seconds', () => {
    const settings = connectionSettings({
      prepareTimeout: '1m',
      connectTimeout: '250ms',
      closeTimeout: Infinity,
      stableAfter: '10s',
    })
    expect(settings).toMatchObject({
      prepareTimeout: 60,
      connectTimeout: 0.25,
      closeTimeout: Infinity,
      stableAfter: 10,
    })
  })
})
