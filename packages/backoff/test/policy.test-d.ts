import { expectTypeOf, it } from 'vitest'
import type { Duration, Random, Seconds } from '@sennit/interfaces'
import {
  type BackoffPolicy,
  backoffPolicy,
  constantBackoff,
  decorrelatedJitter,
  equalJitter,
  fullJitter,
  maxAttempts,
  maxElapsed,
  plusMinusJitter,
  retry,
  type RetryPolicy,
} from '../src/index.ts'

it('a policy of this package is a retry policy that needs no randomness', () => {
  expectTypeOf<BackoffPolicy>().toExtend<RetryPolicy>()
  expectTypeOf<RetryPolicy>().not.toExtend<BackoffPolicy>()
  expectTypeOf(backoffPolicy).returns.toEqualTypeOf<BackoffPolicy>()
  expectTypeOf(constantBackoff).returns.toEqualTypeOf<BackoffPolicy>()
  expectTypeOf(decorrelatedJitter).returns.toEqualTypeOf<BackoffPolicy>()
  expectTypeOf(equalJitter).returns.toEqualTypeOf<BackoffPolicy>()
  expectTypeOf(fullJitter).returns.toEqualTypeOf<BackoffPolicy>()
  expectTypeOf(plusMinusJitter).returns.toEqualTypeOf<BackoffPolicy>()
  expectTypeOf<RetryPolicy>().parameters.toEqualTypeOf<[number, Random, Seconds]>()
})

it('a policy that gives up wants to know everything', () => {
  const policy = maxElapsed(maxAttempts(constantBackoff(), 5), '5m')
  expectTypeOf(policy).toEqualTypeOf<RetryPolicy>()
  // @ts-expect-error without the elapsed time, it could not give up
  policy(1, Math.random)
  // @ts-expect-error a limit is a duration
  maxElapsed(constantBackoff(), '5 minutes')
})

it('a plain function of the failures is a retry policy', () => {
  expectTypeOf((failures: number): Seconds => failures).toExtend<RetryPolicy>()
})

it('retry yields what the function returns, awaited', () => {
  expectTypeOf(retry(() => 'now')).toEqualTypeOf<Promise<string>>()
  expectTypeOf(retry(async () => 'later')).toEqualTypeOf<Promise<string>>()
  expectTypeOf(retry(() => undefined)).toEqualTypeOf<Promise<undefined>>()
})

it('delays are durations', () => {
  expectTypeOf<NonNullable<Parameters<typeof equalJitter>[0]>['maxDelay']>().toEqualTypeOf<
    Duration | undefined
  >()
})
