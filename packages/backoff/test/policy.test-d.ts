import { expectTypeOf, it } from 'vitest'
import type { Duration, Random, Seconds } from '@sennit/interfaces'
import { type BackoffPolicy, backoffPolicy, equalJitter, retry, type RetryPolicy } from '../src/index.ts'

it('a policy of this package is a retry policy that needs no randomness', () => {
  expectTypeOf<BackoffPolicy>().toExtend<RetryPolicy>()
  expectTypeOf<RetryPolicy>().not.toExtend<BackoffPolicy>()
  expectTypeOf(backoffPolicy).returns.toEqualTypeOf<BackoffPolicy>()
  expectTypeOf(equalJitter).returns.toEqualTypeOf<BackoffPolicy>()
  expectTypeOf<RetryPolicy>().parameters.toEqualTypeOf<[number, Random]>()
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
