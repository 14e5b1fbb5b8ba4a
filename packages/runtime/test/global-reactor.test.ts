import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Clock, getGlobalReactor, maybeGlobalReactor, setGlobalReactor, systemClock } from '../src/index.ts'

describe('the slot of the global reactor', () => {
  let before: ReturnType<typeof getGlobalReactor>
  beforeEach(() => {
    before = getGlobalReactor()
    setGlobalReactor(undefined)
  })
  afterEach(() => setGlobalReactor(before))

  it('CS-83 is empty at first, and the system clock stands in', () => {
    expect(getGlobalReactor()).toBeUndefined()
    expect(maybeGlobalReactor()).toBe(systemClock)
    expect(getGlobalReactor()).toBeUndefined()
  })

  it('CS-83 a given reactor comes before the installed one, which is looked up at each call', () => {
    const installed = new Clock()
    const given = new Clock()
    setGlobalReactor(installed)
    expect(maybeGlobalReactor()).toBe(installed)
    expect(maybeGlobalReactor(given)).toBe(given)
    setGlobalReactor(given)
    expect(maybeGlobalReactor(undefined)).toBe(given)
  })

  it('is shared with other copies of this package', () => {
    const other = new Clock()
    ;(globalThis as Record<symbol, unknown>)[Symbol.for('sennit.reactor')] = other
    expect(getGlobalReactor()).toBe(other)
  })
})
