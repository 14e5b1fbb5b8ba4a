import { expectTypeOf, it } from 'vitest'
import type { Seconds } from '@sennit/interfaces'
import type { Service } from '@sennit/service'
import { LoopingCall, type TimerRun, TimerService } from '../src/index.ts'

it('the function of a timer is given the arguments, then the run', () => {
  const timer = new TimerService(
    '1s',
    (host, port, run) => {
      expectTypeOf(host).toEqualTypeOf<string>()
      expectTypeOf(port).toEqualTypeOf<number>()
      expectTypeOf(run).toEqualTypeOf<TimerRun>()
    },
    { args: ['localhost', 80] },
  )
  expectTypeOf(timer).toEqualTypeOf<TimerService<[string, number]>>()
  expectTypeOf(timer).toExtend<Service>()
})

it('the function of a timer without arguments is given the run', () => {
  const timer = new TimerService('1s', ({ signal, missed, scheduledAt }) => {
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
    expectTypeOf(missed).toEqualTypeOf<number>()
    expectTypeOf(scheduledAt).toEqualTypeOf<Seconds>()
  })
  expectTypeOf(timer).toEqualTypeOf<TimerService>()
})

it('the function of a looping call is given the arguments', () => {
  const loop = new LoopingCall((a: string, b: number) => `${a}${b}`, { args: ['a', 1] })
  expectTypeOf(loop).toEqualTypeOf<LoopingCall<[a: string, b: number]>>()
  expectTypeOf(loop.start('1s')).toEqualTypeOf<Promise<typeof loop>>()
  expectTypeOf(LoopingCall.withCount((count) => count)).toEqualTypeOf<LoopingCall>()
})

it('other arguments than those of the function are refused', () => {
  const f = (text: string) => text
  // @ts-expect-error a number is no string
  expectTypeOf(new LoopingCall(f, { args: [1] })).toBeObject()
  // @ts-expect-error a number is no string
  expectTypeOf(new TimerService(1, f, { args: [1] })).toBeObject()
})
