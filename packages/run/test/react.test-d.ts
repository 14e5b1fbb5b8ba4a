import type { IReactorCore, IReactorTCP, IReactorTime, ISystemEvents } from '@sennit/interfaces'
import { describe, expectTypeOf, it } from 'vitest'
import { react } from '../src/index.ts'

describe('react', () => {
  it('gives main a reactor with TCP, and the arguments', () => {
    const result = react((reactor, ...argv) => {
      expectTypeOf(reactor).toExtend<IReactorTCP & IReactorCore>()
      expectTypeOf(argv).toEqualTypeOf<string[]>()
    })
    expectTypeOf(result).resolves.toEqualTypeOf<number>()
    void react((_reactor, name: string, place = 'here') => [name, place], process.argv.slice(2))
  })

  it('gives main the reactor that it was given', () => {
    type Own = IReactorTime & IReactorCore & ISystemEvents & { readonly own: true }
    expectTypeOf(react<Own>)
      .parameter(0)
      .parameter(0)
      .toEqualTypeOf<Own>()
  })
})
