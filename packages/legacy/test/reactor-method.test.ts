import type { IReactorTCP } from '@sennit/interfaces'
import { getGlobalReactor, setGlobalReactor, systemClock } from '@sennit/runtime'
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest'
import { type ArgumentsOf, callReactor, type OptionsOf, type ReactorMethod } from '../src/reactor-method.ts'
import { CallRecorder } from './doubles.ts'

const installed = getGlobalReactor()
afterEach(() => setGlobalReactor(installed))

type Answer = ReactorMethod<number> & ((question: string, options?: { hurry?: boolean }) => number)

/** A reactor that can answer questions. */
function answering(answer: number) {
  const given: unknown[] = []
  const reactor = Object.assign(new CallRecorder(), {
    answerQuestion(this: unknown, ...args: unknown[]) {
      given.push(this, ...args)
      return answer
    },
  })
  return { reactor, given }
}

describe('callReactor', () => {
  it('calls the method on the reactor, with the arguments and then the options', () => {
    const { reactor, given } = answering(42)
    const options = { hurry: true }
    expect(callReactor<Answer>(reactor, 'IOracle', 'answerQuestion', ['why'], options)).toBe(42)
    expect(given).toEqual([reactor, 'why', options])
    expect(given[2]).toBe(options)
  })

  it('takes the reactor of the process when it is given no more than the system clock', () => {
    const { reactor } = answering(43)
    setGlobalReactor(reactor)
    // An installed reactor is asked whether it has TCP and UDP.
    expect(callReactor<Answer>(systemClock, 'IOracle', 'answerQuestion', ['why'], {})).toBe(43)
  })

  it('names the role that is missing', () => {
    const ask = () => callReactor<Answer>(new CallRecorder(), 'IOracle', 'answerQuestion', ['why'], {})
    expect(ask).toThrow(
      expect.objectContaining({
        code: 'ERR_SENNIT_MISSING_ROLE',
        message: expect.stringContaining('IOracle'),
      }),
    )
  })

  it('has the types of the method', () => {
    expectTypeOf<ArgumentsOf<IReactorTCP['listenTCP']>['length']>().toEqualTypeOf<2>()
    expectTypeOf<ArgumentsOf<Answer>>().toEqualTypeOf<[question: string]>()
    expectTypeOf<OptionsOf<Answer>>().toEqualTypeOf<{ hurry?: boolean }>()
  })
})
