import { backoffPolicy } from '@sennit/backoff'
import type { IConnector } from '@sennit/interfaces'
import { ReconnectingClientFactory } from '@sennit/legacy'
import { IPv4Address } from '@sennit/protocol'
import { Clock } from '@sennit/runtime'
import { MemoryLog } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { generated } from '../src/generated.ts'
import { answersOf, twistedIsThere } from '../src/twisted.ts'

interface Case {
  readonly initialDelay: number
  readonly maxDelay: number
  readonly factor: number
  readonly jitter: number
  readonly failures: readonly number[]
}

const CASES = generated('backoff', 400, (draw): Case => {
  const least = draw.chance(0.3) ? -4 : 0
  return {
    initialDelay: draw.one([0, 0.001, 1, draw.binary(0, 100), 1e300]),
    maxDelay: draw.one([0, 60, draw.binary(0, 1000), 1e300]),
    factor: draw.one([0, 0.5, 1, 1.5, 2, Math.E, draw.binary(0, 10), 1e10]),
    jitter: draw.binary(least, 4),
    failures: [0, 1, 2, 3, ...draw.many(5, 5, () => draw.integer(4, 200)), 100, 101, 1751, 1_000_000],
  }
})

interface ReconnectingCase {
  readonly initialDelay: number
  readonly maxDelay: number
  readonly factor: number
  readonly maxRetries: number | null
  /** Before which attempts the delay is reset. */
  readonly resets: readonly boolean[]
}

const CONNECTOR: IConnector = {
  connect: () => {},
  stopConnecting: () => {},
  disconnect: () => {},
  getDestination: () => new IPv4Address('TCP', '127.0.0.1', 1),
}

/** The same as the function of this name in `python/answers.py`. */
function reconnecting({ resets, maxRetries, ...options }: ReconnectingCase): (number | null)[] {
  const clock = new Clock()
  const log = new MemoryLog()
  const factory = new ReconnectingClientFactory({
    ...options,
    maxRetries: maxRetries ?? undefined,
    jitter: 0,
    clock,
    log,
  })
  return resets.map((reset) => {
    if (reset) factory.resetDelay()
    factory.clientConnectionFailed(CONNECTOR, new Error('as the case says'))
    const [call] = clock.getDelayedCalls()
    if (!call) return null
    const delay = call.getTime() - clock.seconds()
    clock.advance(delay)
    return delay
  })
}

describe.skipIf(!twistedIsThere)('backoffPolicy beside Twisted’s', () => {
  it('BP-01 BP-03 BP-04 BP-05 BP-06 has the same delays; where theirs are negative ours are 0', () => {
    const theirs = answersOf<number[][]>('answers.py', { table: 'backoff', cases: CASES })
    for (const [index, { jitter, failures, ...options }] of CASES.entries()) {
      const policy = backoffPolicy({ ...options, jitter: () => jitter })
      for (const [place, failure] of failures.entries()) {
        const wanted = Math.max(theirs[index]?.[place] ?? Number.NaN, 0)
        // The power is computed by two libraries, which need not agree in the last bit.
        const slack = Math.max(1e-12, wanted * 1e-12)
        const ours = policy(failure)
        expect(Math.abs(ours - wanted), `${JSON.stringify(CASES[index])}: ${failure}: ${ours}`).toBeLessThan(
          slack,
        )
      }
    }
  })

  it('RF-02 RF-03 RF-04 ReconnectingClientFactory has the same delays, but for the noise', () => {
    const cases = generated('reconnecting', 300, (draw): ReconnectingCase => ({
      initialDelay: draw.binary(0, 4),
      maxDelay: draw.one([4, 60, 3600]),
      factor: draw.one([1, 1.5, 2, Math.E]),
      maxRetries: draw.chance(0.3) ? draw.integer(0, 12) : null,
      resets: draw.many(1, 15, () => draw.chance(0.1)),
    }))
    const theirs = answersOf<(number | null)[][]>('answers.py', { table: 'reconnecting', cases })
    for (const [index, scenario] of cases.entries()) {
      const wanted = theirs[index]!.map((delay) => delay && expect.closeTo(delay, 6))
      expect(reconnecting(scenario), JSON.stringify(scenario)).toEqual(wanted)
    }
  })
})
