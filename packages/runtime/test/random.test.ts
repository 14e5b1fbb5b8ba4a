import { expect, it } from 'vitest'
import { systemRandom } from '../src/index.ts'

it('systemRandom yields different numbers in [0, 1)', () => {
  const numbers = Array.from({ length: 100 }, () => systemRandom())
  expect(new Set(numbers).size).toBeGreaterThan(90)
  expect(numbers.every((n) => n >= 0 && n < 1)).toBe(true)
})
