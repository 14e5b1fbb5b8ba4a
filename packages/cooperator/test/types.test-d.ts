import { expectTypeOf, it } from 'vitest'
import { type CooperativeTask, Cooperator, type CooperatorService } from '../src/index.ts'

const cooperator = new Cooperator({ started: false })

it('a task yields the iterator that it was given', () => {
  function* work() {
    yield 1
    return 'result'
  }
  async function* later() {
    yield 1
  }
  expectTypeOf(cooperator.cooperate(work())).toEqualTypeOf<CooperativeTask<ReturnType<typeof work>>>()
  expectTypeOf(cooperator.cooperate(later())).toEqualTypeOf<CooperativeTask<ReturnType<typeof later>>>()
  expectTypeOf(cooperator.coiterate(work())).toEqualTypeOf<Promise<ReturnType<typeof work>>>()
})

it('an iterable yields the iterator that it makes', () => {
  expectTypeOf(cooperator.cooperate([1, 2])).toEqualTypeOf<CooperativeTask<Iterator<number>>>()
})

it('what is not iterated over is refused', () => {
  // @ts-expect-error a number is no work
  expectTypeOf(cooperator.cooperate(3)).toBeObject()
})

it('a service has the same methods', () => {
  expectTypeOf<CooperatorService['cooperate']>().toEqualTypeOf<Cooperator['cooperate']>()
})
