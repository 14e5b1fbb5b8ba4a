import { expectTypeOf, it } from 'vitest'
import {
  type Clock,
  deferLater,
  systemClock,
  toSeconds,
  type Duration,
  type IReactorTime,
} from '../src/index.ts'

it('both clocks have the role of time', () => {
  expectTypeOf(systemClock).toExtend<IReactorTime>()
  expectTypeOf<Clock>().toExtend<IReactorTime>()
})

it('a duration is seconds, or text with a unit', () => {
  expectTypeOf(toSeconds).parameter(0).toEqualTypeOf<Duration>()
  expectTypeOf<'10s'>().toExtend<Duration>()
  expectTypeOf<'10 sec'>().not.toExtend<Duration>()
  expectTypeOf<string>().not.toExtend<Duration>()
})

it('deferLater yields what the function returns, awaited', () => {
  expectTypeOf(deferLater(systemClock, 1)).toEqualTypeOf<Promise<void>>()
  expectTypeOf(deferLater(systemClock, 1, () => 'x')).toEqualTypeOf<Promise<string>>()
  expectTypeOf(deferLater(systemClock, 1, async () => 1)).toEqualTypeOf<Promise<number>>()
})

it('callLater checks the arguments', () => {
  expectTypeOf(systemClock.callLater<[number]>).parameters.toEqualTypeOf<
    [delay: number, f: (x: number) => void, x: number]
  >()
})
