import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { asError, isThenable } from '../src/internal.ts'

const thenable = (then: unknown): object => Object.fromEntries(['then'].map((name) => [name, then]))

describe('isThenable', () => {
  it.each<[unknown, boolean]>([
    [Promise.resolve(), true],
    [thenable(() => {}), true],
    [thenable(1), false],
    [{}, false],
    [null, false],
    [undefined, false],
    ['then', false],
    [() => {}, false],
  ])('case %#', (value, expected) => {
    expect(isThenable(value)).toBe(expected)
  })
})

describe('asError', () => {
  it('leaves an error as it is, also one of another realm', () => {
    const error = new RangeError('x')
    expect(asError(error)).toBe(error)
    const foreign: unknown = runInNewContext('new Error("foreign")')
    expect(asError(foreign)).toBe(foreign)
  })

  it.each<[unknown, RegExp]>([
    ['text', /'text'$/],
    [undefined, /undefined$/],
    [Object.create(null), /null prototype/],
    [Symbol('s'), /Symbol\(s\)$/],
  ])('makes an error of %o, with it as the cause', (thrown, message) => {
    const error = asError(thrown)
    expect(error).toBeInstanceOf(Error)
    expect(error.message).toMatch(message)
    expect(error.cause).toBe(thrown)
  })
})
