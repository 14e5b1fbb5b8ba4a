import { describe, expect, it } from 'vitest'
import { sourceOf } from '../src/source.ts'

describe('sourceOf', () => {
  it('takes an iterator as it is', () => {
    const iterator = [1].values()
    expect(sourceOf(iterator).iterator).toBe(iterator)
    expect(sourceOf(iterator).steps).toBe(iterator)
    const bare = { next: () => ({ done: true, value: undefined }) }
    expect(sourceOf(bare).iterator).toBe(bare)
  })

  it.each([
    ['an array', [1, 2]],
    ['a set', new Set([1, 2])],
    ['text', 'ab'],
  ])('makes an iterator of %s', (_, work) => {
    const { steps } = sourceOf(work)
    expect(steps.next().done).toBe(false)
    expect(steps.next().done).toBe(false)
    expect(steps.next().done).toBe(true)
  })

  it('yields a promise for each step of an asynchronous generator, and ends after its end', async () => {
    const seen: number[] = []
    async function* work() {
      for (let i = 0; i < 2; i++) {
        seen.push(i)
        yield i
      }
    }
    const generator = work()
    const { iterator, steps } = sourceOf(generator)
    expect(iterator).toBe(generator)
    for (const expected of [[0], [0, 1], [0, 1]]) {
      const result = steps.next()
      expect(result.done).toBe(false)
      await (result.value as Promise<unknown>)
      expect(seen).toEqual(expected)
    }
    expect(steps.next().done).toBe(true)
  })

  it('passes on what an asynchronous step rejects with', async () => {
    const failure = new Error('in a step')
    const { steps } = sourceOf({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(failure) }) })
    await expect(steps.next().value).rejects.toBe(failure)
  })

  it.each([undefined, null, 3, {}, () => {}])('refuses %o', (work) => {
    expect(() => sourceOf(work)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_COOPERATOR_OPTION', option: 'work' }),
    )
  })
})
