import { afterEach, expect, it } from 'vitest'
import { Clock, setGlobalReactor } from '@sennit/runtime'
import { coiterate, cooperate } from '../src/index.ts'

afterEach(() => setGlobalReactor(undefined))

it('CO-35 cooperate and coiterate share one cooperator, which is started', async () => {
  const clock = new Clock()
  setGlobalReactor(clock)
  const trace: string[] = []
  function* work(name: string) {
    for (let i = 0; i < 2; i++) yield trace.push(name)
  }
  const first = work('a')
  const second = work('b')
  const task = cooperate(first)
  const promise = coiterate(second)
  expect(clock.getDelayedCalls()).toHaveLength(1)
  clock.advance(0)
  expect(trace.join('')).toBe('abab')
  expect(await task.whenDone()).toBe(first)
  expect(await promise).toBe(second)
})
