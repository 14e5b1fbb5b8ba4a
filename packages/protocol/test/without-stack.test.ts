import { afterEach, describe, expect, it } from 'vitest'
import { withoutStack } from '../src/without-stack.ts'

describe('withoutStack', () => {
  const limit = Error.stackTraceLimit
  afterEach(() => {
    Object.defineProperty(Error, 'stackTraceLimit', { value: limit, writable: true })
  })

  it('makes an error that has no stack but its message', () => {
    expect(withoutStack(() => new Error('late')).stack).toBe('Error: late')
  })

  it('leaves the limit of others as it was, also when nothing could be made', () => {
    Error.stackTraceLimit = 3
    const fail = () => {
      throw new RangeError('no')
    }
    expect(() => withoutStack(fail)).toThrow(RangeError)
    expect(Error.stackTraceLimit).toBe(3)
  })

  it('makes an error with a stack where the limit may not be changed', () => {
    Object.defineProperty(Error, 'stackTraceLimit', { writable: false })
    expect(withoutStack(() => new Error('late')).stack).toContain('\n')
  })
})
