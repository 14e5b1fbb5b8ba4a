import { describe, expect, it } from 'vitest'
import { reservedOf } from '../src/descriptors.ts'

describe('reservedOf', () => {
  it.each([
    ['64', 62],
    ['256', 248],
    ['1024', 1016],
    ['1048576', 1_048_568],
    ['unlimited', Infinity],
  ])('fault 11: keeps a few back of %s descriptors', (soft, first) => {
    const text = `Limit                     Soft Limit           Hard Limit           Units     \nMax open files            ${soft.padEnd(20)} 1048576              files     \n`
    expect(reservedOf(text)).toBe(first)
  })

  it('keeps none back where the system does not say', () => {
    expect(reservedOf('')).toBe(Infinity)
  })
})
